import type { Language } from '../language/index.ts'
import type { Heard } from '../language/understand.ts'
import type { UnderstoodClause } from '../workflows/propose/index.ts'

/** A clause of a workflow that is asked for, as one action of an agent. */
export async function understandClause(
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
  return {
    agent_number,
    agent_name,
    action: name,
    parameters,
    effect: action.effect,
    summary: action.summary,
    confidence,
    missing: missing === undefined ? [] : [missing.parameter],
  }
}
