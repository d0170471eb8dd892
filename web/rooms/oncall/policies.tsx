import { listPolicies } from '../../../src/contract/oncall.ts'
import { useList } from '../../api/hooks.ts'
import { Empty, Loading, ProblemNote } from '../../parts/feedback.tsx'
import { ByFile } from '../../parts/managed.tsx'
import { Card } from '../../parts/page.tsx'
import { usePersonName } from '../../parts/pick.tsx'
import { sayDuration } from '../../times/say-time.ts'

/** What happens to an alert that nobody acknowledges, step by step. */
export function PoliciesCard() {
  const policies = useList(listPolicies, {}, { all: true })
  const nameOf = usePersonName()
  const sayTarget = (target: string) =>
    target.startsWith('schedule:') ? `whoever has ${target.slice(9)}` : nameOf(target.replace(/^person:/, ''))
  return (
    <Card title="Escalation policies" bare>
      {policies.error && <ProblemNote of={policies.error} />}
      {!policies.items && !policies.error && <Loading rows={3} />}
      {policies.items?.length === 0 && (
        <Empty title="No policy yet">
          Without one an alert wakes nobody. Write one under <code>policies</code> in the configuration.
        </Empty>
      )}
      {policies.items?.map((policy) => (
        <div key={policy.id} style={{ padding: '12px 14px', borderTop: '1px solid var(--line)' }}>
          <strong>{policy.name}</strong> {policy.managedBy === 'file' && <ByFile />}
          <ol style={{ margin: '6px 0 0', paddingLeft: 20, display: 'grid', gap: 3 }}>
            {policy.steps.map((step, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: steps have no name but their place
              <li key={index}>
                {step.notify.map(sayTarget).join(', ')}{' '}
                <span className="dim">– then wait {sayDuration(step.waitMs)}</span>
              </li>
            ))}
          </ol>
          <p className="sub" style={{ margin: '4px 0 0' }}>
            {policy.repeat > 0 ? `Repeated ${policy.repeat} ×, ` : ''}at last:{' '}
            {policy.lastResort.map(sayTarget).join(', ')}
          </p>
        </div>
      ))}
    </Card>
  )
}
