import { ActionIcon, Button, SegmentedControl } from '@mantine/core'
import { IconPlayerPause, IconPlayerPlay, IconPlayerTrackNext } from '@tabler/icons-react'
import { sayDuration } from '../../times/say-time.ts'
import type { Watching } from './use-replay.ts'

/** Plays, pauses and steps a replay, and goes to any moment of it. */
export function ReplayControls({ of }: { of: Watching }) {
  const { first, last, until, isPlaying, speed, setSpeed, playOrPause, step, goTo } = of
  if (last <= first) return null
  const notch = Math.max(1, Math.round((last - first) / 1_000))
  const now = until === null ? 'everything' : sayMoment(until)
  return (
    <div className="replay-controls">
      <Button
        size="sm"
        className="replay-play"
        leftSection={isPlaying ? <IconPlayerPause size={16} /> : <IconPlayerPlay size={16} />}
        onClick={playOrPause}
      >
        {isPlaying ? 'Pause' : until === null ? 'Watch it' : 'Go on'}
      </Button>
      <ActionIcon
        variant="default"
        size={36}
        aria-label="To the next event"
        disabled={step === null}
        onClick={() => step?.()}
      >
        <IconPlayerTrackNext size={16} />
      </ActionIcon>
      <input
        type="range"
        min={first}
        max={last}
        step={notch}
        value={until ?? last}
        aria-label="Time after the onset"
        aria-valuetext={now}
        onChange={(event) => {
          // The last notch may not fall on the end.
          const moment = Number(event.currentTarget.value)
          goTo(moment > last - notch ? last : moment)
        }}
      />
      <output className="replay-now">{now}</output>
      <SegmentedControl
        size="xs"
        aria-label="Speed"
        value={String(speed)}
        onChange={(value) => setSpeed(Number(value))}
        data={[
          { value: '0.5', label: '½×' },
          { value: '1', label: '1×' },
          { value: '3', label: '3×' },
        ]}
      />
    </div>
  )
}

/** `+12 min`, counted from the onset. */
export const sayMoment = (afterMs: number) =>
  Math.abs(afterMs) < 500 ? 'onset' : afterMs < 0 ? `−${sayDuration(-afterMs)}` : `+${sayDuration(afterMs)}`
