import { digest } from '../../../kernel/crypto.ts'
import type { Skill } from '../../../skills/skill.ts'
import { splitPayload } from '../fill.ts'
import { normalise, tokenise } from '../normalise.ts'
import type { TrainingExample } from '../model.ts'
import { keyIn, keyOf } from './kinds.ts'
import type { Example } from './kinds.ts'
import { isVital } from './vital.ts'

/** Who can do what, as far as examples need to know. */
export interface Doer {
  agent_number: number
  skill: Skill | undefined
}

/** What a sentence means that was taught word by word. */
export interface Place {
  agent_number: number
  label: string
}

/** Lessons of one label that statistics learn from: with many more it would claim whatever is said. */
const PER_LABEL_MAX = 200

/** What a user has taught, as understanding uses it. */
export interface Own {
  /** By the words of the sentence. */
  readonly exact: ReadonlyMap<string, Place>
  /** What statistics learn from, the newest of each label. */
  readonly examples: readonly TrainingExample[]
  /** The same examples have the same one; empty without examples. */
  readonly digest: string
}

/** The text that statistics look at. */
function statisticalText(text: string): string {
  const said = normalise(text, []).text
  const { command, payload } = splitPayload(said)
  return payload === undefined ? said : command
}

/**
 * Puts examples to use. Of the same sentence the last one counts. What is for an agent or an action that is not there
 * rests until that is back.
 */
export function toOwn(examples: readonly Example[], doers: readonly Doer[]): Own {
  const byNumber = new Map(doers.map((doer) => [doer.agent_number, doer]))
  const exact = new Map<string, Place>()
  const learnt = new Map<string, TrainingExample>()
  for (const { text, agent_number, action } of examples) {
    const skill = byNumber.get(agent_number)?.skill
    if (skill === undefined || !Object.hasOwn(skill.actions, action)) continue
    const key = keyOf(text)
    if (key === '') continue
    const label = labelOf(skill.name, action, agent_number, doers)
    exact.set(key, { agent_number, label: `${skill.name}/${action}` })
    // What was said last is the newest, also when it was said before.
    learnt.delete(key)
    learnt.set(key, { text: statisticalText(text), label })
  }
  const byLabel = Map.groupBy(learnt.values(), ({ label }) => label)
  const all = [...byLabel.values()].flatMap((some) => some.slice(-PER_LABEL_MAX))
  return { exact, examples: all, digest: all.length === 0 ? '' : digest(JSON.stringify(all)).slice(0, 32) }
}

/** Parts the label of an action from the number of the one agent that is meant. */
const OF = '@'

/** Agents may share a skill: of all but the first, the number tells them apart. */
function labelOf(skill: string, action: string, agent_number: number, doers: readonly Doer[]): string {
  const first = Math.min(
    ...doers.filter((doer) => doer.skill?.name === skill).map((doer) => doer.agent_number),
  )
  return `${skill}/${action}${agent_number === first ? '' : `${OF}${agent_number}`}`
}

/** The label of an action, and the agent when one of several is meant. */
export function readLabel(label: string): { label: string; agent_number: number | undefined } {
  const at = label.lastIndexOf(OF)
  if (at < 0 || !/^\d{1,4}$/.test(label.slice(at + 1))) return { label, agent_number: undefined }
  return { label: label.slice(0, at), agent_number: Number(label.slice(at + 1)) }
}

/**
 * What there is to learn, and of which labels: where a user has said otherwise, the base is wrong, except about what is
 * vital.
 */
export function joined(
  base: readonly TrainingExample[],
  own: Own,
): { examples: TrainingExample[]; changed: string[] } {
  const kept = new Set(base.filter(({ label }) => isVital(label)).map(({ text }) => wordsOf(text)))
  const lessons = own.examples.filter(({ text, label }) => isVital(label) || !kept.has(wordsOf(text)))
  const taught = new Map(lessons.map((one) => [wordsOf(one.text), one.label]))
  const isWrong = ({ text, label }: TrainingExample): boolean =>
    (taught.get(wordsOf(text)) ?? label) !== label
  const changed = new Set([...lessons, ...base.filter(isWrong)].map(({ label }) => label))
  return { examples: [...base.filter((one) => !isWrong(one)), ...lessons], changed: [...changed] }
}

function wordsOf(text: string): string {
  return keyIn({ tokens: tokenise(text) })
}
