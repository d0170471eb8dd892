import type { HostPort } from './fields.ts'

/** How a check of one service is pointed at one of its nodes: another address, and the service's name kept. */
export interface ByAddress<Spec> {
  /** Where the check points by itself. */
  endpoint(spec: Spec): HostPort
  /** The same check of the server at this address. */
  pointAt(spec: Spec, address: HostPort): Spec
}

interface Targeted {
  target: HostPort
  expect?: object
  everyAddress?: boolean | string[]
}

/** For kinds with a `target`; where certificates are judged, the name that they must carry stays. */
export function targetByAddress<Spec extends Targeted>({ named }: { named: boolean }): ByAddress<Spec> {
  return {
    endpoint: ({ target }) => target,
    pointAt: (spec, target) => ({
      ...spec,
      target,
      // It is one address that is meant.
      ...(spec.everyAddress && { everyAddress: false }),
      ...(named && { expect: { ...spec.expect, name: nameIn(spec.expect) ?? spec.target.host } }),
    }),
  }
}

function nameIn(expect: object | undefined): string | undefined {
  return (expect as { name?: string } | undefined)?.name
}
