/** One declared address: an interface of a device, with what the rules ask of it. */
export interface Row {
  /** The device. */
  device: string
  responsible: string
  /** The interface's own name; empty where it has none. */
  name: string
  /** In its shortest form. */
  ip: string
  /** Whether `ip` is one at all. */
  valid: boolean
  /** The network service, or segment, that the address belongs to. */
  service: string
  role: string
  /** Whether the address is given out by its declaration and not as it comes. */
  fixed: boolean
  /** Whether somebody wrote down that it is fixed. */
  said: boolean
  floating: boolean
  /** Twelve hexadecimal digits with colons; empty where there is none. */
  hardwareAddress: string
  /** Whether it is bound to a hardware address, and to one of the device's cards where these are known. */
  bound: boolean
}

/** What a rule found: the rows that are wrong together. */
export interface Violation {
  rule: string
  reason: string
  summary: string
  rows: Row[]
}

/** A violation that somebody has accepted, and why. */
export interface AcceptedViolation extends Violation {
  because: string
}

/** A file or an answer that is no inventory: data, with the sentence for people. */
export interface Unreadable {
  unreadable: 'inventory.unreadable' | 'inventory.too-large' | 'inventory.empty'
  summary: string
}
