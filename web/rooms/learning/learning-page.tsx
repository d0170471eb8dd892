import './learning.css'
import { Choose, Tabbed } from '../../parts/list.tsx'
import { useFilter } from '../../parts/list-state.ts'
import { PageHead } from '../../parts/page.tsx'
import { Narrowing, useNarrowing } from './narrowing.tsx'
import { RecurrenceView } from './recurrence-view.tsx'
import { DetectionView, TimesView } from './times-view.tsx'

const SPANS = { month: 'Months', quarter: 'Quarters', year: 'Years' }

/** What all incidents together teach: what comes back, how long it takes, who notices. */
export function LearningPage() {
  const narrowing = useNarrowing()
  const per = useFilter('per', 'quarter')
  const [tab] = useFilter('tab', 'recurs')
  return (
    <>
      <PageHead
        title="Learning"
        lead="What your incidents and post-mortems teach together, those from elsewhere included."
      />
      <div className="filters search-filters">
        <Narrowing of={narrowing} />
        {tab === 'recurs' && <Choose label="Counted by" of={per} among={SPANS} />}
      </div>
      <Tabbed
        of={{
          recurs: {
            label: 'What recurs',
            show: (
              <RecurrenceView
                query={{ ...narrowing.query, per: per[0] in SPANS ? (per[0] as 'month') : 'quarter' }}
              />
            ),
          },
          times: { label: 'How long it took', show: <TimesView query={narrowing.query} /> },
          detection: { label: 'Who noticed', show: <DetectionView query={narrowing.query} /> },
        }}
      />
    </>
  )
}
