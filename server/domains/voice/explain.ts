import type { Tier, Understood, Why } from '../language/heard.ts'
import type { VoiceCommandRow } from './store.ts'

/** What is kept of why a sentence went where it went. */
type Kept = Why & { alternatives: { agent_number: number; action: string; confidence: number }[] }

/** What led to where a sentence went, as its record keeps it. */
export function toKeep({ why = { scores: [] }, alternatives }: Understood): string {
  const others = alternatives.map(({ agent_number, action, confidence }) => ({
    agent_number,
    action,
    confidence,
  }))
  const kept: Kept = { ...why, alternatives: others }
  return JSON.stringify(kept)
}

const TIERS: Readonly<Record<Tier, string>> = {
  learnt: 'You have taught me these words',
  template: 'The words are a phrase that I know',
  context: 'I took it together with what was said before',
  statistics: 'I guessed it from what people say',
  model: 'A language model chose it among the likeliest',
  none: 'Nothing fitted',
}

const MODEL: Readonly<Record<NonNullable<Why['model']>, string>> = {
  chose: 'A language model was asked and chose this.',
  none: 'A language model was asked and found none of them right.',
  late: 'A language model was asked and did not answer in time, so that my own guess stood.',
  failed: 'A language model was asked and failed, so that my own guess stood.',
  wrong:
    'A language model was asked and answered something that was not offered, so that my own guess stood.',
}

/** Says why a sentence went where it went: what decided, how sure that was, and what else there was. */
export function explain(row: VoiceCommandRow): string {
  const { text, action, target_agent, confidence, reason } = row
  const { scores = [], in_scope, active, repairs = [], model, alternatives = [] } = readKept(row.why)
  const tier = TIERS[row.tier as Tier] ?? row.tier
  const others = alternatives.filter((one) => one.agent_number !== target_agent || one.action !== action)
  return [
    `“${shortened(text)}”: ${reason}`,
    `It was ${row.understood === 0 ? 'not understood' : `for ${sayPlace(target_agent, action)}`}. ${tier}, with ${percent(confidence)} confidence.`,
    ...(repairs.length === 0 ? [] : [`I read ${repairs.map(sayRepair).join(', ')}.`]),
    ...(scores.length === 0 ? [] : [`Scores: ${scores.map(sayScore).join(', ')}.`]),
    ...(in_scope === undefined ? [] : [`It was ${percent(in_scope)} like anything that your agents do.`]),
    ...(others.length === 0 ? [] : [`Next would have been ${others.map(sayOther).join(', ')}.`]),
    sayActive(active),
    model === undefined ? 'No language model was asked.' : MODEL[model],
  ]
    .filter((sentence) => sentence !== '')
    .join(' ')
}

function readKept(why: string | null): Partial<Kept> {
  return why === null ? {} : (JSON.parse(why) as Partial<Kept>)
}

function sayActive(active: Why['active']): string {
  if (active === undefined) return 'No agent had the benefit of the doubt.'
  const { agent_number, decided } = active
  return decided
    ? `Agent ${agent_number} had the benefit of the doubt, as the one you were talking to, and that decided it.`
    : `Agent ${agent_number} had the benefit of the doubt, which changed nothing.`
}

function sayPlace(agent: number | null, action: string): string {
  return agent === null ? `the system: ${words(action)}` : `agent ${agent}: ${words(action)}`
}

function sayRepair({ said, read }: { said: string; read: string }): string {
  return `“${said}” as “${read}”`
}

function sayScore({ agent_number, agent_name, action, score }: Why['scores'][number]): string {
  return `${agent_number === 0 ? 'the system' : agent_name} ${words(action)} ${percent(score)}`
}

function sayOther({ agent_number, action }: Kept['alternatives'][number]): string {
  return sayPlace(agent_number === 0 ? null : agent_number, action)
}

function words(action: string): string {
  return action.replaceAll('_', ' ')
}

function percent(value: number): string {
  return `${Math.round(value * 100)} %`
}

function shortened(text: string): string {
  return text.length > 200 ? `${text.slice(0, 199).replace(/[\uD800-\uDBFF]$/u, '')}…` : text
}
