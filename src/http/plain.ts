/** An answer that is not JSON. */
export class Plain {
  readonly type: string
  readonly text: string | Buffer
  constructor(type: string, text: string | Buffer) {
    this.type = type
    this.text = text
  }
}
