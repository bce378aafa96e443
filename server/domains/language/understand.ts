import { CONFIDENCE_TO_ACT } from '../../../contract/limits.ts'
import { findAddress } from './address.ts'
import { isIt } from '../workflows/spoken/names.ts'
import { bounded } from './bounded.ts'
import { agentNamed } from './names.ts'
import { slotType } from './slots/kinds.ts'
import type { Catalogue, Meaning } from './catalogue.ts'
import { acceptsSlot, fillCaptures, fillSentence, splitPayload } from './fill.ts'
import type { Surroundings } from './fill.ts'
import { byStatistics } from './guess.ts'
import { findMissing, nameOf, nothing, switchedOff } from './heard.ts'
import type { Candidate, Heard, Said, Tools, Understood } from './heard.ts'
import { possibleTongues } from './languages/spoken.ts'
import type { Tongue } from './languages/tongue.ts'
import { byTongue, guessInTongue, repeatedInTongue, tongueOf } from './languages/understood.ts'
import { keyIn } from './learnt/kinds.ts'
import { takesBack } from './learnt/vital.ts'
import { explained } from './match.ts'
import { ORDER_CHARS_MAX, normalise } from './normalise.ts'
import { askedIfOverheard, askedIfUnlikely } from './sureness.ts'
import { asSaid } from './repaired.ts'
import { findNoTime } from './slots/no-time.ts'
import { twoTimesIn } from './two-times.ts'
import type { Found } from './template.ts'

export { unreadIn } from './fill.ts'
export { findMissing } from './heard.ts'
export { ORDER_CHARS_MAX } from './normalise.ts'
export { possibleTongues } from './languages/spoken.ts'
export { ENGLISH, findBounds } from './slots/bounds.ts'
export type { Candidate, Classify, Heard, Understood } from './heard.ts'

const ALTERNATIVES_MAX = 3

/** Whether a meaning is one of the agent that alone is spoken to. Stopping is everybody's, whoever one talks to. */
function isFor({ agent_number, name }: Meaning, { only, heard: { only_action } }: Said): boolean {
  if (only_action !== undefined && name !== only_action) return false
  return only === undefined || agent_number === only || (agent_number === 0 && name === 'stop')
}

/**
 * Understands one sentence: who is addressed, then what was taught word by word, then templates, with the words as they
 * were said and as they are spelt, then statistics, then what its slots hold. Where a time is
 * meant and what was said is none, no other is taken for it: the time is asked for.
 */
export async function understand(given: Heard, tools: Tools): Promise<Understood> {
  const heard = { ...given, text: withoutRuns(given.text) }
  if (isDictated(heard)) return overheard(await understandAll(heard, tools), heard)
  const none = findNoTime(heard.text)
  const understood = await bounded(heard, await understandAll(heard, tools), (one) =>
    understandAll(one, tools),
  )
  const all = overheard(understood, heard)
  const times = twoTimesIn(heard.text, all)
  const whole = times === undefined ? all : { ...all, times }
  if (none === undefined || whole.meaning?.name === 'create_workflow') return whole
  const found = await understandAll({ ...heard, text: none.rest }, tools)
  const asked = found.meaning && timeAsked(found.meaning)
  if (asked === undefined) return whole
  const { [asked.parameter]: _, ...parameters } = found.parameters
  const missing = found.missing ?? asked
  const question = `${none.said} is no time of the day. ${missing.question}`
  return { ...found, parameters, missing: { ...missing, question } }
}

/** The time that an action asks for when it is needed and was not said. */
function timeAsked({ action }: Meaning): Understood['missing'] {
  const [parameter] = Object.keys(action.questions ?? {}).filter((name) => slotType(action, name) === 'time')
  return parameter === undefined ? undefined : { parameter, question: action.questions?.[parameter] ?? '' }
}

function overheard(understood: Understood, { only_agent, text }: Heard): Understood {
  return only_agent === undefined ? askedIfOverheard(understood, text) : understood
}

/** In long runs of spaces nothing is said: what is an order without them is one. What is dictated is kept as it is. */
function withoutRuns(text: string): string {
  if (text.length <= ORDER_CHARS_MAX) return text
  const plain = text.replaceAll(/\s{50,}/gu, ' ')
  return plain.length <= ORDER_CHARS_MAX ? plain : text
}

/** Longer than any order: what tells orders apart word by word is neither needed for it nor fit for it. */
function isDictated({ text }: Heard): boolean {
  return text.length > ORDER_CHARS_MAX
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
  const addressed = address !== undefined || heard.is_addressed === true
  const said = { heard, utterance, only, addressed }
  const meant = await asMeant(said, tools, around)
  if (address === undefined || meant.meaning !== undefined) return meant
  const { agent_number } = address
  return {
    ...meant,
    addressed: agent_number,
    reason: meant.reason.replace('your agents', `agent ${agent_number}`),
  }
}

/** What a sentence means, by whichever way it is known. */
async function asMeant(said: Said, tools: Tools, around: Surroundings): Promise<Understood> {
  const { heard, utterance } = said
  const own = tongueOf(heard.language)
  const inTongues = (among: readonly Tongue[]) =>
    byTongue(said, tools, around, among, (meaning) => isFor(meaning, said))
  const found = (own && (await inTongues([own]))) ?? (await asPhrase(said, tools, around))
  const inOthers = () => inTongues(possibleTongues(utterance.text.slice(0, ORDER_CHARS_MAX)))
  if (isDictated(heard)) return found ?? (await inOthers()) ?? byStatistics(said, tools, around)
  return (
    (await byHeart(said, tools, around, found)) ??
    asRenamed(said, tools) ??
    asProposal(said, tools, found) ??
    (await asRepeated(said, tools, around, found)) ??
    found ??
    forNobody(said, tools, around) ??
    (await inOthers()) ??
    guessInTongue(said, tools, around, (meaning) => isFor(meaning, said)) ??
    (await bySpelling(said, tools, around)) ??
    byStatistics(said, tools, around)
  )
}

/**
 * What a sentence means that its user has taught, whatever else it could mean. A command to the system as a whole stays
 * one, and so does asking for help: how to stop and to undo can't be taught away, in whichever words.
 */
async function byHeart(
  said: Said,
  { catalogue, taught, classify }: Tools,
  around: Surroundings,
  byPhrase: Understood | undefined,
): Promise<Understood | undefined> {
  const place = taught?.get(keyIn(said.utterance))
  if (place === undefined || (said.only ?? place.agent_number) !== place.agent_number) return undefined
  if (said.heard.only_action !== undefined || isOfSystem(byPhrase) || asksForHelp(byPhrase)) return undefined
  if (takesBack(await classify(splitPayload(said.utterance.text).command))) return undefined
  const isMeant = (one: Meaning): boolean => one.agent_number === place.agent_number
  const meaning = catalogue.labels.get(place.label)?.find(isMeant)
  if (meaning === undefined) {
    const agent = catalogue.off.agents.find((one) => one.agent_number === place.agent_number)
    return agent && switchedOff(agent)
  }
  const heard = { ...said.heard, only_action: meaning.name }
  const itself = await byTemplate({ ...said, heard, only: meaning.agent_number }, { catalogue }, around)
  const parameters = itself?.parameters ?? (await fillSentence(meaning.action, said.utterance.text, around))
  return {
    ...nothing(`You have taught me that this is for ${nameOf(meaning)}.`),
    tier: 'learnt',
    meaning,
    parameters,
    missing: findMissing(meaning, parameters),
    confidence: 1,
    routing_confidence: 1,
  }
}

/** Help with nothing in particular. */
function asksForHelp(found: Understood | undefined): boolean {
  const { meaning, parameters = {} } = found ?? {}
  return meaning?.agent_number === 1 && meaning.name === 'help' && Object.keys(parameters).length === 0
}

function isOfSystem(found: Understood | undefined): boolean {
  return found?.meaning?.agent_number === 0
}

/** What takes something away, or back, is never done because of a word that was read as another one. */
function isRisky({ meaning }: Understood): boolean {
  return meaning?.agent_number === 0 || meaning?.action.effect === 'destructive'
}

/** A sentence that is a phrase, or like what people say, once its words are spelt as they are. */
async function bySpelling(said: Said, tools: Tools, around: Surroundings): Promise<Understood | undefined> {
  const { text, repairs } = tools.repair?.(said.utterance.text) ?? { text: '', repairs: [] }
  if (repairs.length === 0) return undefined
  const read = { ...said, utterance: normalise(text, []) }
  const found = await asPhrase(read, tools, around)
  const words = repairs.map((one) => `“${one.said}” as “${one.read}”`).join(', ')
  const told = (one: Understood): Understood => ({
    ...one,
    ...(isRisky(one) && {
      tier: 'statistics',
      confidence: Math.min(one.confidence, CONFIDENCE_TO_ACT - 0.001),
    }),
    reason: `I read ${words}. ${one.reason}`,
    why: { scores: [], ...one.why, repairs },
  })
  if (found?.meaning !== undefined)
    return told({ ...found, parameters: asSaid(found.meaning.action, found.parameters, repairs) })
  const classify: Tools['classify'] = () => tools.classify(read.utterance.text)
  const guessed = await byStatistics(said, { ...tools, classify }, around)
  // What was no error but a word that nobody knows makes it less like anything.
  const plain = await byStatistics(said, tools, around)
  return guessed.meaning === undefined || guessed.confidence <= plain.confidence ? plain : told(guessed)
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

/** A workflow that is named in full gets another name, be its own one like an order: "Remind me to drink". */
function asRenamed({ utterance, only }: Said, { catalogue }: Tools): Understood | undefined {
  const renamed = (only ?? 0) === 0 ? catalogue.workflows?.renamed(utterance.text) : undefined
  return renamed && commandOf('rename_workflow', { ...renamed }, 'It names a workflow.', catalogue)
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
  if (isTaken(found) || (only ?? 0) !== 0) return undefined
  const isPhrase = found?.tier === 'template' && found.missing === undefined
  return isProposal?.(utterance.text, isPhrase) === true ? workflowOf(utterance.text, catalogue) : undefined
}

/** The same in another language. */
async function asRepeated(
  said: Said,
  tools: Tools,
  around: Surroundings,
  found: Understood | undefined,
): Promise<Understood | undefined> {
  if (isTaken(found) || isOfSystem(found) || said.only !== undefined) return undefined
  const own = tongueOf(said.heard.language)
  const among = own === undefined ? possibleTongues(said.utterance.text) : [own]
  const repeated = await repeatedInTongue(said, tools, around, among)
  if (repeated === 'unclear')
    return nothing('It asks for something again and again, in words that I do not know.')
  return repeated && workflowOf(repeated.request, tools.catalogue)
}

function isTaken(found: Understood | undefined): boolean {
  return found?.meaning?.triggers !== undefined || found?.meaning?.name === 'create_workflow'
}

function workflowOf(request: string, catalogue: Catalogue): Understood | undefined {
  return commandOf('create_workflow', { request }, 'It asks for something that is done by itself.', catalogue)
}

/** A command of the system, surely. */
function commandOf(
  name: string,
  parameters: Record<string, unknown>,
  reason: string,
  { labels }: Catalogue,
): Understood | undefined {
  const [meaning] = labels.get(`system/${name}`) ?? []
  const sure = { confidence: 1, routing_confidence: 1 }
  return meaning && { ...nothing(reason), tier: 'template', meaning, parameters, ...sure }
}

/** What a sentence is a phrase of, surely where it is also like one that is said. */
async function asPhrase(said: Said, tools: Tools, around: Surroundings): Promise<Understood | undefined> {
  const found = await byTemplate(said, tools, around)
  return found && askedIfUnlikely(found, said, tools)
}

async function byTemplate(
  said: Said,
  { catalogue }: Pick<Tools, 'catalogue'>,
  around: Surroundings,
): Promise<Understood | undefined> {
  const { utterance, heard, addressed } = said
  const found = catalogue.templates
    .match(utterance, (type, text, unannounced) => acceptsSlot(type, text, around, unannounced))
    .filter(({ id, match }) => match.refused === 0 && isFor(id, said))
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
  const others = found.filter(({ id }) => id.action !== meaning.action)
  const numbers = new Set(others.map(({ id }) => id.agent_number))
  numbers.delete(meaning.agent_number)
  return {
    tier: 'template',
    meaning,
    parameters,
    missing: findMissing(meaning, parameters),
    confidence: 1,
    routing_confidence: 1,
    alternatives: await candidates(others, utterance.text, around),
    fallbacks: [...numbers].filter((number) => number !== 0).slice(0, ALTERNATIVES_MAX),
    ...(heard.active_agent !== undefined && {
      why: { scores: [], active: activeIn(heard.active_agent, best, own.length > 0 ? own : found) },
    }),
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

/** Whether the agent of the conversation decided between phrases that fit equally. */
function activeIn(agent_number: number, best: Found<Meaning>, found: readonly Found<Meaning>[]) {
  return { agent_number, decided: best !== found[0] && best.id.agent_number === agent_number }
}

/** Other actions whose phrases fit, at most three. */
async function candidates(
  others: readonly Found<Meaning>[],
  sentence: string,
  around: Surroundings,
): Promise<Candidate[]> {
  const best = new Map<string, Found<Meaning>>()
  for (const one of others) best.getOrInsert(`${one.id.agent_number} ${one.id.name}`, one)
  const first = [...best.values()].slice(0, ALTERNATIVES_MAX)
  return Promise.all(
    first.map(async ({ id, match }) => ({
      agent_number: id.agent_number,
      action: id.name,
      confidence: 0.5,
      entities: { ...id.preset, ...(await fillCaptures(id.action, match.captures, sentence, around)) },
    })),
  )
}
