import {
  IconAlertTriangleFilled,
  IconBellRinging,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconClock,
  IconEye,
  IconFlag,
  IconHandStop,
  IconHelpCircleFilled,
  IconMinus,
  IconPencil,
  IconPlayerPlayFilled,
  IconTool,
} from '@tabler/icons-react'
import { lookOf, type StateLook } from './states.ts'

const SIGNS: Record<StateLook['sign'], typeof IconEye> = {
  check: IconCircleCheckFilled,
  warning: IconAlertTriangleFilled,
  cross: IconCircleXFilled,
  question: IconHelpCircleFilled,
  tool: IconTool,
  bell: IconBellRinging,
  hand: IconHandStop,
  clock: IconClock,
  dash: IconMinus,
  play: IconPlayerPlayFilled,
  pencil: IconPencil,
  eye: IconEye,
  flag: IconFlag,
}

/** A state as word, sign and colour; never by colour alone. */
export function State({
  is,
  room,
  large,
  say,
}: {
  is: string
  room?: string
  large?: boolean
  say?: string
}) {
  const { tone, sign, word } = lookOf(is, room)
  const Sign = SIGNS[sign]
  return (
    <span className={large ? 'state large' : 'state'} data-tone={tone}>
      <Sign size={large ? 18 : 13} aria-hidden="true" />
      {say ?? word}
    </span>
  )
}
