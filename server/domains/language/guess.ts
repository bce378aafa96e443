import { CONFIDENCE_TO_ASK } from '../../../contract/limits.ts'
import type { Meaning } from './catalogue.ts'
import { fillSentence, splitPayload } from './fill.ts'
import type { Surroundings } from './fill.ts'
import { findMissing, nameOf, nothing, round, switchedOff } from './heard.ts'
import type { Candidate, Said, Tools, Understood, Why } from './heard.ts'
import { readLabel } from './learnt/own.ts'
import { READ_CHARS_MAX } from './normalise.ts'
import { isNoOrder, mostFor } from './sureness.ts'

/** What the agent of the conversation is favoured by. */
const ACTIVE_FACTOR = 1.5
const ALTERNATIVES_MAX = 3
/** As many meanings as a language model may choose among. */
const LIKELY_MAX = 5
const SCORES_MAX = 4

interface Weighed {
  meaning: Meaning
  probability: number
  weight: number
}

/** What a sentence is likest to, of all that people say to the agents. */
export async function byStatistics(said: Said, tools: Tools, around: Surroundings): Promise<Understood> {
  const { utterance, only, heard, addressed } = said
  // Statistics find something in everything, also in what has no word in it.
  if (!/[\p{L}\p{N}]/u.test(utterance.text)) return nothing('There is no word in it.')
  const { command, payload } = splitPayload(utterance.text)
  if (payload === undefined && utterance.text.length > READ_CHARS_MAX)
    return nothing(`It is too long: I read ${READ_CHARS_MAX.toLocaleString('en')} characters of a sentence.`)
  if (heard.only_action !== undefined) return asNamed(said, tools, around)
  const { ranked, in_scope } = await tools.classify(payload === undefined ? utterance.text : command)
  const off = only === undefined ? forNobody(ranked, in_scope, tools) : undefined
  if (off !== undefined) return off
  const weighed = weigh(ranked, said, tools)
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const [best, ...others] = weighed
  if (best === undefined || total === 0) return nothing('Nothing that your agents can do is like it.')
  const scope = addressed ? Math.max(in_scope, CONFIDENCE_TO_ASK) : in_scope
  const filled = await fillSentence(best.meaning.action, utterance.text, around)
  const { asked } = best.meaning.action
  const parameters = asked === undefined || asked in filled ? filled : { ...filled, [asked]: utterance.text }
  const most = mostFor(utterance, { parameters, knows: tools.knows ?? (() => true) })
  const isOrder = !isNoOrder(utterance, best.meaning)
  const confidence = isOrder ? round(Math.min(scope, best.weight / total, most)) : 0
  const candidate = async ({ meaning, weight }: Weighed): Promise<Candidate> => ({
    agent_number: meaning.agent_number,
    action: meaning.name,
    confidence: round((scope * weight) / total),
    entities: await fillSentence(meaning.action, utterance.text, around),
  })
  const alternatives = await Promise.all(others.slice(0, ALTERNATIVES_MAX).map(candidate))
  const why = { ...whyOf(weighed, total, heard.active_agent), in_scope: round(in_scope) }
  if (confidence < CONFIDENCE_TO_ASK) {
    const guesses = [{ ...(await candidate(best)), confidence }, ...alternatives].slice(0, ALTERNATIVES_MAX)
    return {
      ...nothing('It is not like anything that your agents can do.'),
      confidence,
      alternatives: guesses,
      fallbacks: agentsOf(weighed, undefined),
      why,
    }
  }
  const { agent_number } = best.meaning
  const agent = weighed.filter(({ meaning }) => meaning.agent_number === agent_number)
  return {
    tier: 'statistics',
    meaning: best.meaning,
    parameters,
    missing: findMissing(best.meaning, parameters),
    confidence,
    routing_confidence: addressed ? 1 : round(agent.reduce((sum, { weight }) => sum + weight, 0) / total),
    alternatives,
    fallbacks: agentsOf(weighed, agent_number),
    reason: `It is like what people say to ${nameOf(best.meaning)} (${Math.round(confidence * 100)} %).`,
    why,
    likely: weighed.slice(0, LIKELY_MAX).map(({ meaning }) => meaning),
  }
}

/** What was asked of an agent by name: only what the sentence says for it is to be found. */
async function asNamed(
  { heard: { only_action }, only, utterance }: Said,
  { catalogue: { labels } }: Tools,
  around: Surroundings,
): Promise<Understood> {
  const meaning = [...labels.values()].flat().find((one) => isOf(one, only) && one.name === only_action)
  if (meaning === undefined) return nothing('Nobody does that.')
  const parameters = await fillSentence(meaning.action, utterance.text, around)
  const missing = findMissing(meaning, parameters)
  const reason = `You asked ${nameOf(meaning)} for it.`
  return {
    ...nothing(reason),
    tier: 'context',
    meaning,
    parameters,
    missing,
    confidence: 1,
    routing_confidence: 1,
  }
}

type Ranked = Awaited<ReturnType<Tools['classify']>>['ranked']

/** What is likest to what people say to an agent that is switched off. */
function forNobody(
  [likeliest]: Ranked,
  in_scope: number,
  { catalogue: { labels, off } }: Tools,
): Understood | undefined {
  if (likeliest === undefined || Math.min(in_scope, likeliest.probability) < CONFIDENCE_TO_ASK)
    return undefined
  const { label, agent_number } = readLabel(likeliest.label)
  const isThere = labels.get(label)?.some((one) => isOf(one, agent_number)) ?? false
  const meant = isThere ? undefined : off.labels.get(label)?.find((one) => isOf(one, agent_number))
  const agent = off.agents.find((one) => one.agent_number === meant?.agent_number)
  return agent && switchedOff(agent)
}

function isOf(meaning: Meaning, agent_number: number | undefined): boolean {
  return agent_number === undefined || meaning.agent_number === agent_number
}

/** The meanings that may be meant, best first. Two labels may mean the same. */
function weigh(ranked: Ranked, { heard, only }: Said, { catalogue: { labels } }: Tools): Weighed[] {
  const { active_agent } = heard
  const found = new Map<string, Weighed>()
  for (const { label: whole, probability } of ranked) {
    const { label, agent_number } = readLabel(whole)
    const meanings = (labels.get(label) ?? []).filter((one) => isOf(one, only) && isOf(one, agent_number))
    const meaning = meanings.find((one) => one.agent_number === active_agent) ?? meanings[0]
    if (meaning === undefined) continue
    const weight = probability * (meaning.agent_number === active_agent ? ACTIVE_FACTOR : 1)
    const key = `${meaning.agent_number} ${meaning.name}`
    const known = found.get(key)
    found.set(key, {
      meaning,
      probability: probability + (known?.probability ?? 0),
      weight: weight + (known?.weight ?? 0),
    })
  }
  return [...found.values()].toSorted((a, b) => b.weight - a.weight)
}

function whyOf(weighed: readonly Weighed[], total: number, active: number | undefined): Why {
  const [plainly] = weighed.toSorted((a, b) => b.probability - a.probability)
  const best = weighed[0]?.meaning
  const scores = weighed.slice(0, SCORES_MAX).map(({ meaning, weight }) => ({
    agent_number: meaning.agent_number,
    agent_name: meaning.agent_name,
    action: meaning.name,
    score: round(weight / total),
  }))
  if (active === undefined) return { scores }
  const decided = best !== undefined && plainly !== undefined && plainly.meaning !== best
  return { scores, active: { agent_number: active, decided } }
}

/** The agents that are next, each once; the system itself is none. */
function agentsOf(weighed: readonly Weighed[], best: number | undefined): number[] {
  const numbers = new Set(weighed.map(({ meaning }) => meaning.agent_number))
  return [...numbers].filter((number) => number !== 0 && number !== best).slice(0, ALTERNATIVES_MAX)
}
