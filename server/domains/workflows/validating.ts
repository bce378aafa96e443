import type { Kernel } from '../../kernel/kernel.ts'
import type { Tx } from '../../kernel/store/store.ts'
import { openTurns } from '../../kernel/turns.ts'
import type { KnownAgent } from '../agents/index.ts'
import { findSecretProblem, readKnown } from './known.ts'
import type { KnownParts } from './known.ts'
import { validateDefinition, validateInTurns } from './validate/definition.ts'
import type { Told } from './validate/findings.ts'

export interface Validating {
  /** Tells everything that is wrong with a definition of a user, while others get their turns. */
  validate(user_id: string, definition: unknown, more?: Trying): Promise<Told>
  /** The same in a transaction, as that sees the agents: others write after it alone, so it takes no turns. */
  validateIn(db: Pick<Tx, 'tables'>, user_id: string, definition: unknown): Promise<Told>
}

/** How a definition is tried for something larger. */
interface Trying {
  /** In place of the agents that there are. */
  agents?: readonly KnownAgent[]
  /** The number of an agent: only what it performs is looked at. */
  of?: number
  breathe?: () => Promise<void>
}

/** Holds definitions against what there is. */
export function openValidating({ clock }: Pick<Kernel, 'clock'>, known: KnownParts): Validating {
  return {
    validate: async (user_id, definition, { agents, of, breathe = openTurns(clock) } = {}) => {
      const there = await readKnown(known, user_id, clock.now(), agents)
      const secret_problem = await findSecretProblem(known, user_id, definition)
      return validateInTurns(definition, { ...there, secret_problem }, breathe, of)
    },
    validateIn: async (db, user_id, definition) => {
      const there = await readKnown(known, user_id, clock.now(), await known.agents.known(user_id, db))
      const secret_problem = await findSecretProblem(known, user_id, definition, db)
      return validateDefinition(definition, { ...there, secret_problem })
    },
  }
}
