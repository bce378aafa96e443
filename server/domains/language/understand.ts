import { CONFIDENCE_TO_ACT, CONFIDENCE_TO_ASK } from '../../../contract/limits.ts'
import { findAddress } from './address.ts'
import { isIt } from '../workflows/spoken/names.ts'
import { agentNamed } from './names.ts'
import { slotType } from './slots/kinds.ts'
import type { Catalogue, Meaning } from './catalogue.ts'
import { acceptsSlot, fillCaptures, fillSentence, splitPayload } from './fill.ts'
import type { Accepting, Surroundings } from './fill.ts'
import { explained } from './match.ts'
import { READ_CHARS_MAX, normalise } from './normalise.ts'
import type { Utterance } from './normalise.ts'
import { findNoTime } from './slots/no-time.ts'
import { findTwoTimes } from './slots/twice.ts'
import type { Found } from './template.ts'

/** A sentence and where it is said. */
export interface Heard {
  text: string
  now: number
  time_zone: string
  wake_words: readonly string[]
  /** The agent of the conversation, which gets the benefit of the doubt. */
  active_agent: number | undefined
  /** The one agent that may be meant, when the sentence was said to it. */
  only_agent: number | undefined
  /** What "it" means: the agent of a number, or a workflow that whoever asks knows. */
  it?: { agent_number: number } | 'workflow' | undefined
}

export interface Candidate {
  agent_number: number
  action: string
  confidence: number
}

export type Tier = 'template' | 'statistics' | 'none'

/** What a sentence means, as far as is known. */
export interface Understood {
  tier: Tier
  meaning: Meaning | undefined
  parameters: Record<string, unknown>
  /** The first thing that was not said and is needed. */
  missing: { parameter: string; question: string } | undefined
  confidence: number
  routing_confidence: number
  /** The next best, best first, at most three. */
  alternatives: Candidate[]
  /** Why it went there, in a sentence. */
  reason: string
  /** Whether it is meant for an agent that is switched off; the reason says that. */
  is_off?: true
  /** Two times that were said where the action takes one, of which one would be lost. */
  two_times?: readonly [string, string]
}

/** The statistical tier: labels `skill/action`, best first, and how much the text looks like any of them, 0 to 1. */
export type Classify = (
  text: string,
) => Promise<{ ranked: { label: string; probability: number }[]; in_scope: number }>

interface Tools {
  catalogue: Catalogue
  accepts: Accepting
  classify: Classify
  /** Whether a sentence asks for a new workflow. */
  isProposal?: (text: string) => boolean
}

const ALTERNATIVES_MAX = 3
/** What the agent of the conversation is favoured by. */
const ACTIVE_FACTOR = 1.5

/** Whether a meaning is one of the agent that alone is spoken to. Stopping is everybody's, whoever one talks to. */
function isFor({ agent_number, name }: Meaning, only: number): boolean {
  return agent_number === only || (agent_number === 0 && name === 'stop')
}

/**
 * Understands one sentence: who is addressed, then templates, then statistics, then what its slots hold. Where a time is
 * meant and what was said is none, no other is taken for it: the time is asked for.
 */
export async function understand(heard: Heard, tools: Tools): Promise<Understood> {
  const none = findNoTime(heard.text)
  const all = await understandAll(heard, tools)
  const two_times = takesOneTime(all) ? findTwoTimes(heard.text) : undefined
  const whole = two_times === undefined ? all : { ...all, two_times }
  if (none === undefined || whole.meaning?.name === 'create_workflow') return whole
  const found = await understandAll({ ...heard, text: none.rest }, tools)
  const asked = found.meaning && timeAsked(found.meaning)
  if (asked === undefined) return whole
  const { [asked.parameter]: _, ...parameters } = found.parameters
  const missing = found.missing ?? asked
  const question = `${none.said} is no time of the day. ${missing.question}`
  return { ...found, parameters, missing: { ...missing, question } }
}

/** Whether it writes something for one time; what is repeated may have several. */
function takesOneTime({ meaning, parameters }: Understood): boolean {
  if (meaning === undefined || meaning.action.effect === 'read' || 'repeat' in parameters) return false
  const names = Object.keys(meaning.action.parameters.properties)
  return names.some((name) => slotType(meaning.action, name) === 'time') && !names.includes('until')
}

/** The time that an action asks for when it is needed and was not said. */
function timeAsked({ action }: Meaning): Understood['missing'] {
  const [parameter] = Object.keys(action.questions ?? {}).filter((name) => slotType(action, name) === 'time')
  return parameter === undefined ? undefined : { parameter, question: action.questions?.[parameter] ?? '' }
}

async function understandAll(heard: Heard, tools: Tools): Promise<Understood> {
  const { catalogue } = tools
  const whole = normalise(heard.text, heard.wake_words)
  const all = [...catalogue.agents, ...catalogue.off.agents]
  const address = heard.only_agent === undefined ? findAddress(whole.text, all) : undefined
  const only = heard.only_agent ?? address?.agent_number
  // Agent 0 is the system itself, which is no agent of the user's and always there.
  if (
    address !== undefined &&
    address.agent_number !== 0 &&
    !catalogue.agents.some(({ agent_number }) => agent_number === address.agent_number)
  ) {
    const off = catalogue.off.agents.find(({ agent_number }) => agent_number === address.agent_number)
    return off === undefined ? nothing(`There is no agent ${address.agent_number}.`) : switchedOff(off)
  }
  const utterance = address === undefined ? whole : normalise(address.rest, [])
  const around: Surroundings = {
    now: heard.now,
    time_zone: heard.time_zone,
    accepts: tools.accepts,
    ...whoIsMeant(heard, catalogue),
  }
  const said = { heard, utterance, only, addressed: address !== undefined }
  const found = await byTemplate(said, tools, around)
  return (
    asProposal(said, tools, found) ??
    found ??
    forNobody(said, tools, around) ??
    byStatistics(said, tools, around)
  )
}

/** A sentence whose words are a phrase of an agent that is switched off, and of no other. */
function forNobody(
  { utterance, only }: Said,
  { catalogue: { off } }: Tools,
  around: Surroundings,
): Understood | undefined {
  if (only !== undefined || off.agents.length === 0) return undefined
  const [best] = off.templates
    .match(utterance, (type, text, unannounced) => acceptsSlot(type, text, around, unannounced))
    .filter(({ match }) => match.refused === 0)
  const agent = off.agents.find(({ agent_number }) => agent_number === best?.id.agent_number)
  return agent && switchedOff(agent)
}

function switchedOff({ agent_number, name }: Catalogue['agents'][number]): Understood {
  const reason = `Agent ${agent_number}, ${name}, is switched off. To switch it on, say: turn on agent ${agent_number}.`
  return { ...nothing(reason), is_off: true }
}

/** How agents and workflows are named, by "it" when one was spoken of last. */
function whoIsMeant(
  { it }: Heard,
  { agents, off, workflows }: Catalogue,
): Pick<Surroundings, 'agentNamed' | 'isWorkflow'> {
  const number = typeof it === 'object' ? it.agent_number : undefined
  return {
    agentNamed: (text) => agentNamed(text, [...agents, ...off.agents]) ?? (isIt(text) ? number : undefined),
    isWorkflow: (text) => workflows?.isWorkflow(text) === true || (it === 'workflow' && isIt(text)),
  }
}

/**
 * What is to be done again and again is asked for as a workflow, of the system and not of one agent. A phrase of the
 * user's own that starts a workflow is no such request, and of one that asks for nothing yet it is asked what it should do.
 */
function asProposal(
  { utterance, only }: Said,
  { catalogue, isProposal }: Tools,
  found: Understood | undefined,
): Understood | undefined {
  const [meaning] = catalogue.labels.get('system/create_workflow') ?? []
  const isTaken = found?.meaning?.triggers !== undefined || found?.meaning?.name === 'create_workflow'
  if (meaning === undefined || isTaken || (only ?? 0) !== 0) return undefined
  if (isProposal?.(utterance.text) !== true) return undefined
  const reason = 'It asks for something that is done by itself.'
  const parameters = { request: utterance.text }
  return { ...nothing(reason), tier: 'template', meaning, parameters, confidence: 1, routing_confidence: 1 }
}

interface Said {
  heard: Heard
  utterance: Utterance
  only: number | undefined
  addressed: boolean
}

async function byTemplate(
  { utterance, only, heard, addressed }: Said,
  { catalogue }: Tools,
  around: Surroundings,
): Promise<Understood | undefined> {
  const found = catalogue.templates
    .match(utterance, (type, text, unannounced) => acceptsSlot(type, text, around, unannounced))
    .filter(({ id, match }) => match.refused === 0 && (only === undefined || isFor(id, only)))
  // What a program calls its own takes no sentence away from this server's own agents.
  const own = found.filter(({ id }) => id.action.remote !== true || id.action.named === true)
  const best = preferred(own.length > 0 ? own : found, heard.active_agent)
  if (best === undefined) return undefined
  const equal = sharing(best, found)
  const triggers = equal.flatMap(({ id }) => id.triggers ?? [])
  const meaning: Meaning = triggers.length < 2 ? best.id : { ...best.id, triggers }
  const parameters = { ...meaning.preset }
  for (const { id, match } of [...equal, best])
    Object.assign(parameters, await fillCaptures(id.action, match.captures, utterance.text, around))
  const alternatives = found
    .filter(({ id }) => id.action !== meaning.action)
    .map(({ id }) => ({ agent_number: id.agent_number, action: id.name, confidence: 0.5 }))
  return {
    tier: 'template',
    meaning,
    parameters,
    missing: findMissing(meaning, parameters),
    confidence: 1,
    routing_confidence: 1,
    alternatives: distinct(alternatives),
    reason: addressed ? `You asked ${nameOf(meaning)}.` : `The words are a phrase of ${nameOf(meaning)}.`,
  }
}

/** Phrases of workflows that fit as well as the best one, itself among them: which of the workflows is meant is asked. */
function sharing(best: Found<Meaning>, found: readonly Found<Meaning>[]): Found<Meaning>[] {
  if (best.id.triggers === undefined) return []
  return found.filter(
    ({ id, match }) => id.triggers !== undefined && explained(match) === explained(best.match),
  )
}

/** Among equally good matches, the one of the conversation's agent. */
function preferred(found: readonly Found<Meaning>[], active: number | undefined): Found<Meaning> | undefined {
  const [best] = found
  if (best === undefined || active === undefined) return best
  const equal = found.filter(({ match }) => explained(match) === explained(best.match))
  return equal.find(({ id }) => id.agent_number === active) ?? best
}

async function byStatistics(
  { utterance, only, heard, addressed }: Said,
  tools: Tools,
  around: Surroundings,
): Promise<Understood> {
  // Statistics find something in everything, also in what has no word in it.
  if (!/[\p{L}\p{N}]/u.test(utterance.text)) return nothing('There is no word in it.')
  const { command, payload } = splitPayload(utterance.text)
  if (payload === undefined && utterance.text.length > READ_CHARS_MAX)
    return nothing(`It is too long: I read ${READ_CHARS_MAX.toLocaleString('en')} characters of a sentence.`)
  const { ranked, in_scope } = await tools.classify(payload === undefined ? utterance.text : command)
  const [likeliest] = ranked
  if (likeliest !== undefined && Math.min(in_scope, likeliest.probability) >= CONFIDENCE_TO_ASK) {
    const { labels, off } = tools.catalogue
    const meant = labels.has(likeliest.label) ? undefined : off.labels.get(likeliest.label)?.[0]
    const agent = off.agents.find(({ agent_number }) => agent_number === meant?.agent_number)
    if (agent !== undefined && only === undefined) return switchedOff(agent)
  }
  const weighed = ranked.flatMap(({ label, probability }) => {
    const meanings = (tools.catalogue.labels.get(label) ?? []).filter(
      ({ agent_number }) => only === undefined || agent_number === only,
    )
    const meaning = meanings.find(({ agent_number }) => agent_number === heard.active_agent) ?? meanings[0]
    if (meaning === undefined) return []
    return [
      { meaning, weight: probability * (meaning.agent_number === heard.active_agent ? ACTIVE_FACTOR : 1) },
    ]
  })
  const total = weighed.reduce((sum, { weight }) => sum + weight, 0)
  const [best, ...others] = weighed.toSorted((a, b) => b.weight - a.weight)
  if (best === undefined || total === 0) return nothing('Nothing that your agents can do is like it.')
  const scope = addressed ? Math.max(in_scope, CONFIDENCE_TO_ASK) : in_scope
  const most = forbids(utterance) ? CONFIDENCE_TO_ACT - 0.001 : 1
  const confidence = round(Math.min(scope, best.weight / total, most))
  const alternatives = distinct(
    others.map(({ meaning, weight }) => toCandidate(meaning, (scope * weight) / total)),
  )
  if (confidence < CONFIDENCE_TO_ASK) {
    const guesses = distinct([toCandidate(best.meaning, confidence), ...alternatives])
    return {
      ...nothing('It is not like anything that your agents can do.'),
      confidence,
      alternatives: guesses,
    }
  }
  const parameters = await fillSentence(best.meaning.action, utterance.text, around)
  const agent = weighed.filter(({ meaning }) => meaning.agent_number === best.meaning.agent_number)
  return {
    tier: 'statistics',
    meaning: best.meaning,
    parameters,
    missing: findMissing(best.meaning, parameters),
    confidence,
    routing_confidence: addressed ? 1 : round(agent.reduce((sum, { weight }) => sum + weight, 0) / total),
    alternatives,
    reason: `It is like what people say to ${nameOf(best.meaning)} (${Math.round(confidence * 100)} %).`,
  }
}

/** Whether it begins by forbidding: "do not add milk" differs from the order in two words only, and must not count as it. */
function forbids({ tokens }: Utterance): boolean {
  const begins = tokens
    .slice(0, 5)
    .map(({ key }) => key)
    .join(' ')
  return /^(?:do not|never) (?!(?:let me )?forget)/.test(begins)
}

/** The first parameter that is needed and was not said. */
export function findMissing({ action }: Meaning, parameters: Record<string, unknown>): Understood['missing'] {
  const required = (action.parameters as { required?: readonly string[] }).required ?? []
  const absent = required.find((name) => !(name in parameters))
  const needed = action.needsOne ?? []
  const parameter =
    absent ?? (needed.length === 0 || needed.some((name) => name in parameters) ? undefined : needed[0])
  if (parameter === undefined) return undefined
  return {
    parameter,
    question: action.questions?.[parameter] ?? `What is the ${parameter.replaceAll('_', ' ')}?`,
  }
}

function nothing(reason: string): Understood {
  return {
    tier: 'none',
    meaning: undefined,
    parameters: {},
    missing: undefined,
    confidence: 0,
    routing_confidence: 0,
    alternatives: [],
    reason,
  }
}

function toCandidate({ agent_number, name }: Meaning, confidence: number): Candidate {
  return { agent_number, action: name, confidence: round(confidence) }
}

function distinct(candidates: readonly Candidate[]): Candidate[] {
  const best = new Map<string, Candidate>()
  for (const one of candidates.toSorted((a, b) => b.confidence - a.confidence)) {
    best.getOrInsert(`${one.agent_number} ${one.action}`, one)
  }
  return [...best.values()].slice(0, ALTERNATIVES_MAX)
}

function nameOf({ agent_number, agent_name }: Meaning): string {
  return agent_number === 0 ? 'the system' : `agent ${agent_number}, ${agent_name}`
}

function round(value: number): number {
  return Math.round(Math.min(1, Math.max(0, value)) * 1000) / 1000
}
