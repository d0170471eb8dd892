import { Button } from '@mantine/core'

/** The button under a list of which there is more. */
export function More({ of }: { of: { hasMore: boolean; isLoadingMore: boolean; loadMore: () => void } }) {
  if (!of.hasMore) return null
  return (
    <div style={{ padding: 12, textAlign: 'center' }}>
      <Button variant="default" size="xs" loading={of.isLoadingMore} onClick={of.loadMore}>
        Show more
      </Button>
    </div>
  )
}
