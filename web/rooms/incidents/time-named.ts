/** The time of this name, however its words are joined: `impactStart`, `impact-start`, `impact start`. */
export function timeNamed(
  times: readonly { name: string; at: string | null }[],
  name: string,
): string | null {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[^a-z]/g, '')
  return times.find((time) => plain(time.name) === plain(name))?.at ?? null
}
