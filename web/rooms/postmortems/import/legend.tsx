/** How what was read is marked, for those to whom the colours say nothing. */
export function Legend() {
  return (
    <ul className="legend import-legend" aria-label="How it is marked">
      {LOOKS.map(([family, said]) => (
        <li key={family}>
          <mark data-family={family}>{said}</mark>
        </li>
      ))}
      <li>
        <mark data-family="text" data-unsure>
          dashed: unsure
        </mark>
      </li>
      <li>
        <mark data-family="finding" data-odd>
          wavy: a finding
        </mark>
      </li>
    </ul>
  )
}

const LOOKS = [
  ['head', 'title, severity, reference'],
  ['text', 'summary, impact, detection, resolution'],
  ['cause', 'trigger, causes'],
  ['time', 'timeline'],
  ['remark', 'well, wrong, lucky'],
  ['action', 'actions'],
] as const
