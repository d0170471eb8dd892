import type { World } from '../../engine/world.ts'
import { reasonOf } from '../../kit/errors.ts'
import { canonicalJson } from '../../kit/json.ts'
import { type PoolAgent, startPoolAgent } from './agent.ts'
import type { PoolsConfig } from './config.ts'

/** The agent of this process, which follows the configuration. */
export interface KeptAgent {
  /** Listens where the configuration says; answers what is wrong, where it cannot. */
  follow(config: PoolsConfig): Promise<string | null>
  close(): Promise<void>
}

/** Starts without an agent; a port that is taken keeps nothing else from starting. */
export function keepPoolAgent(world: World): KeptAgent {
  let running: { agent: PoolAgent; at: string } | null = null
  const close = async () => {
    await running?.agent.close()
    running = null
  }
  return {
    close,
    async follow({ agent }) {
      const at = canonicalJson(agent?.listen ?? null)
      if (running?.at === at) return null
      await close()
      if (!agent) return null
      try {
        running = { agent: await startPoolAgent(world, agent.listen), at }
        return null
      } catch (error) {
        const problem = `load balancers are not answered: ${reasonOf(error)}`
        world.log.error({ listen: agent.listen, error: reasonOf(error) }, 'the pool agent does not listen')
        return problem
      }
    },
  }
}
