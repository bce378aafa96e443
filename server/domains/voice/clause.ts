import type { Language } from '../language/index.ts'
import type { Heard } from '../language/understand.ts'
import { ENGLISH, findBounds, unreadIn } from '../language/understand.ts'
import type { ProposeContext, UnderstoodClause } from '../workflows/propose/index.ts'

/** How parts of a request for a workflow are understood. */
export function clausesOf(
  language: Language,
  user_id: string,
  around: Pick<Heard, 'now' | 'time_zone'>,
): Required<Pick<ProposeContext, 'understand' | 'bounds'>> {
  const context = { now: new Date(around.now), time_zone: around.time_zone }
  return {
    understand: (clause) => understandClause(language, user_id, clause, around),
    bounds: async (text) => {
      const found = await findBounds(text, context, ENGLISH)
      if (found === undefined) return undefined
      const { rest, said, weekdays, ...others } = found
      const isMore = others.except.length > 0 || Object.keys(others).length > 1
      return { rest, said, weekdays: isMore ? [] : weekdays }
    },
  }
}

/** A clause of a workflow that is asked for, as one action of an agent. */
async function understandClause(
  language: Language,
  user_id: string,
  text: string,
  around: Pick<Heard, 'now' | 'time_zone'>,
): Promise<UnderstoodClause | undefined> {
  const alone = { wake_words: [], active_agent: undefined, only_agent: undefined }
  const found = await language.understand(user_id, { text, ...around, ...alone, is_part: true })
  if (found.meaning === undefined) return undefined
  const { agent_number, agent_name, name, action } = found.meaning
  const { parameters, confidence, missing } = found
  const is_guess = found.tier === 'statistics'
  return {
    agent_number,
    agent_name,
    action: name,
    parameters,
    effect: action.effect,
    summary: action.summary,
    confidence,
    missing: missing === undefined ? [] : [missing.parameter],
    is_guess,
    unread: is_guess ? unreadIn(text, action, parameters) : [],
  }
}
