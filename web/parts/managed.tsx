import { IconFileSettings } from '@tabler/icons-react'

/** Says that a file manages this, and what that means. */
export function ByFile({ long = false, what = 'This' }: { long?: boolean; what?: string }) {
  if (!long)
    return (
      <span
        className="sub"
        title="The configuration file manages it; change it there"
        style={{ whiteSpace: 'nowrap' }}
      >
        <IconFileSettings size={13} aria-hidden="true" style={{ verticalAlign: '-2px' }} /> file
      </span>
    )
  return (
    <p className="sub" style={{ margin: 0 }}>
      <IconFileSettings size={14} aria-hidden="true" style={{ verticalAlign: '-2px' }} /> {what} comes from
      the configuration file and is read-only here, so that the file stays true. Change it there and reload.
    </p>
  )
}
