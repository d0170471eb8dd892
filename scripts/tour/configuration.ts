export interface TourPlace {
  nginxPort: number
  smtpPort: number
  caFile: string
  publicUrl: string
}

/** The tour's Tocsin: one service, one strict certificate monitor, two people, two drills. */
export function tourConfiguration(place: TourPlace, accept: 'strict' | 'any'): string {
  return `publicUrl: ${place.publicUrl}
mail: { host: 127.0.0.1, port: ${place.smtpPort}, from: tocsin@lab.example }

people:
  ana: { name: Ana, email: ana@lab.example, role: responder }
  bo: { name: Bo, email: bo@lab.example, role: editor }

teams:
  web: { name: Web, members: [ana, bo], schedule: web-week, policy: web-policy }

services:
  docs: { name: Documentation, owner: web, audience: public }

oncall:
  web-week: { rotation: weekly, from: "2026-01-05T09:00", timezone: Europe/Paris, order: [ana] }

policies:
  web-policy:
    default: true
    steps:
      - { notify: [{ schedule: web-week }], wait: 10s }
      - { notify: [{ person: bo }], wait: 30s }
    lastResort: { people: [ana, bo] }

monitors:
  docs-certificate:
    service: docs
    type: tls
    target: 127.0.0.1:${place.nginxPort}
    every: 1s
    timeout: 2s
    confirm: 2
    expect: { name: docs.lab.example, issuer: Lab Trust, ca: ${place.caFile}, accept: ${accept} }

incidents:
  believedResolvedFor: 3s
  rules:
    - { severity: SEV2, when: { alertSeverity: critical } }

statusPage: { name: Lab services }

drills:
  docs-certificate-faults:
    kind: monitor-faults
    monitor: docs-certificate
    every: 1d
  docs-route:
    kind: end-to-end
    monitor: docs-certificate
    every: 1d
    fault: certificate-expired
    expect: { paged: bo, within: 1m }
`
}
