import { z } from 'zod'
import { hostPortField } from '../kinds/fields.ts'

/** The section `pools`: how load balancers ask who of a pool may take users. */
export const poolsConfig = z.strictObject({
  agent: z
    .strictObject({
      listen: hostPortField(
        'Listen',
        'host:port at which the agent-check of HAProxy is answered. It tells whoever asks; keep it inside.',
      ),
    })
    .optional()
    .meta({
      title: 'Agent',
      description: 'Answers HAProxy: `agent-check agent-port … agent-send "pool/member\\n"`.',
    }),
})
export type PoolsConfig = z.output<typeof poolsConfig>
