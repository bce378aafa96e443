import { CONFIDENCE_TO_ANSWER, CONFIDENCE_TO_ASK, CONFIDENCE_TO_GUESS } from '../../../contract/limits.ts'
import type { Clock } from '../../kernel/clock.ts'
import { findIssues } from '../../kernel/validate.ts'
import type { Meaning } from './catalogue.ts'
import { findMissing, nameOf, nothing } from './heard.ts'
import type { ModelUse, Understood } from './heard.ts'

/** One thing that a sentence may mean, as a language model is told of it. */
export interface Option {
  /** What the model answers when it chooses this one. */
  choice: string
  agent: string
  action: string
  summary: string
  /** JSON schema of the parameters. */
  parameters: unknown
}

/**
 * Asks a language model which of several things a sentence means: it answers `{choice, parameters?}`, `choice`
 * being one of those that were offered or `none`. What it answers is not trusted. The signal ends the waiting.
 */
export type ChooseIntent = (
  asked: { text: string; options: readonly Option[] },
  signal: AbortSignal,
) => Promise<unknown>

/** No sentence waits longer for a language model. */
const DEADLINE_MS = 3_000
export const NONE = 'none'

/**
 * Has a language model decide between the meanings that statistics found likeliest, where these alone are not sure. It
 * cannot make a sentence do more: the confidence stays what statistics say, so that what has an effect is asked about as
 * without it, and without an answer that holds what statistics say stands.
 */
export async function chooseAmong(
  text: string,
  found: Understood,
  choose: ChooseIntent,
  clock: Pick<Clock, 'after'>,
): Promise<Understood> {
  const { tier, confidence, likely = [] } = found
  const sure = found.meaning?.action.effect === 'read' ? CONFIDENCE_TO_ANSWER : CONFIDENCE_TO_GUESS
  const isUnsure = confidence >= CONFIDENCE_TO_ASK && confidence < sure
  if (tier !== 'statistics' || !isUnsure || likely.length === 0) return found
  const options = likely.map(toOption)
  const answer = await inTime(clock, (signal) => choose({ text, options }, signal))
  if (typeof answer === 'string') return { ...found, why: { scores: [], ...found.why, model: answer } }
  const told = (model: ModelUse) => ({ scores: [], ...found.why, model })
  const { choice, parameters } = readAnswer(answer.value)
  if (choice === NONE) {
    const reason = 'A language model says that it is none of what your agents can do.'
    const { alternatives, fallbacks = [] } = found
    return { ...nothing(reason), alternatives, fallbacks, why: told('none') }
  }
  const meaning = likely[options.findIndex((option) => option.choice === choice)]
  if (meaning === undefined) return { ...found, why: told('wrong') }
  return chosen(found, meaning, parameters, told('chose'))
}

function chosen(
  found: Understood,
  meaning: Meaning,
  given: Record<string, unknown>,
  why: Understood['why'],
): Understood {
  const isSame = meaning === found.meaning
  const own = isSame ? found.parameters : entitiesOf(found, meaning)
  const said = fitting(meaning, given)
  const parameters = { ...said, ...own }
  const numbers = [found.meaning?.agent_number ?? 0, ...(found.fallbacks ?? [])]
  return {
    ...found,
    tier: 'model',
    meaning,
    parameters,
    missing: findMissing(meaning, parameters),
    fallbacks: [...new Set(numbers)].filter((one) => one !== 0 && one !== meaning.agent_number).slice(0, 3),
    routing_confidence: isSame ? found.routing_confidence : found.confidence,
    reason: `A language model chose ${nameOf(meaning)} among the likeliest.`,
    ...(why && { why }),
  }
}

/** What the sentence itself says for one of the alternatives. */
function entitiesOf({ alternatives }: Understood, { agent_number, name }: Meaning): Record<string, unknown> {
  return alternatives.find((one) => one.agent_number === agent_number && one.action === name)?.entities ?? {}
}

/** The parameters that the action takes as they are, one by one: one that is wrong takes no other with it. */
function fitting({ action }: Meaning, given: Record<string, unknown>): Record<string, unknown> {
  const { properties } = action.parameters
  return Object.fromEntries(
    Object.entries(given).filter(([name, value]) => {
      const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
      return schema !== undefined && findIssues(schema, value).length === 0
    }),
  )
}

function toOption({ agent_number, agent_name, name, action }: Meaning): Option {
  return {
    choice: `${agent_number}.${name}`,
    agent: agent_name,
    action: name,
    summary: action.summary,
    parameters: action.parameters,
  }
}

/** An answer outside of the schema chooses nothing that was offered. */
function readAnswer(answer: unknown): { choice: string; parameters: Record<string, unknown> } {
  const { choice, parameters, ...more } = isMap(answer) ? answer : {}
  const isWhole = typeof choice === 'string' && Object.keys(more).length === 0
  if (!isWhole || (parameters !== undefined && !isMap(parameters))) return { choice: '', parameters: {} }
  return { choice, parameters: parameters ?? {} }
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** What was answered in time, or what went wrong. A late answer is nobody's business. */
async function inTime(
  clock: Pick<Clock, 'after'>,
  ask: (signal: AbortSignal) => Promise<unknown>,
): Promise<{ value: unknown } | 'late' | 'failed'> {
  const deadline = new AbortController()
  const late = new Promise<'late'>((resolve) => {
    deadline.signal.addEventListener('abort', () => resolve('late'), { once: true })
  })
  const cancel = clock.after(DEADLINE_MS, () => deadline.abort())
  const answered = async (): Promise<{ value: unknown } | 'failed'> => {
    try {
      return { value: await ask(deadline.signal) }
    } catch {
      return 'failed'
    }
  }
  try {
    return await Promise.race([answered(), late])
  } finally {
    cancel()
  }
}
