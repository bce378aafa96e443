import { CONFIDENCE_TO_ACT } from '../../../../contract/limits.ts'
import type { Call } from '../../../kernel/answers.ts'
import { Fault } from '../../../kernel/fault.ts'
import type { Tx } from '../../../kernel/store/store.ts'
import type { Agents } from '../../agents/index.ts'
import type { Changes } from '../../changes/index.ts'
import type { Meaning } from '../../language/catalogue.ts'
import type { Language } from '../../language/index.ts'
import { findMissing } from '../../language/understand.ts'
import type { Heard, Understood } from '../../language/understand.ts'
import { readConsent } from '../../language/consent/words.ts'
import type { Last, Question } from '../conversation.ts'
import { listed } from '../../workflows/spoken/say.ts'
import type { Prepared, Sentence } from '../converse.ts'
import type { Questions } from '../questions.ts'
import type { Training } from '../training/index.ts'
import type { Sample } from '../training/samples.ts'
import { changed, onList } from './slot.ts'
import { areThings, isBareNumber, readLead } from './words.ts'
import type { Lead } from './words.ts'

/** A sentence that takes up the one before it: it corrects that, or goes on from it. */
export interface Following {
  understood: Understood
  /** What it takes up. */
  last: Last
  /** Whether what was done before was wrong. */
  is_instead: boolean
  /** What is learnt once it is done. */
  lesson?: Sample
}

/** An action of the agent that was named is taken for what was meant from here on, and otherwise asked for. */
const CONFIDENCE_TO_CORRECT = 0.5
/** So many times as likely as the next, or it is not clear what was meant. */
const CLEARLY = 1.5
/** Words that name an action and no more: "remind me". */
const ACTION_WORDS_MAX = 3

interface Parts {
  agents: Pick<Agents, 'executions'>
  changes: Pick<Changes, 'undo'>
  language: Pick<Language, 'understand' | 'readSlot' | 'bare' | 'agentNamed' | 'actionNamed'>
  training: Pick<Training, 'correct'>
  questions: Pick<Questions, 'last' | 'said'>
}

export interface Follow {
  /** What a sentence means after the last one, when it takes that up. */
  read(
    call: Call,
    sentence: Sentence,
    heard: Heard,
    said: { fresh: Understood; question: Question | undefined },
  ): Promise<Following | undefined>
  /** What was to be learnt by the answer to a question. */
  lessonOf(question: Question | undefined): Sample | undefined
  /** Takes back what was wrong and learns what is right, in the transaction that does it; answers what to say of that. */
  settle(tx: Tx, call: Call, prepared: Prepared): Promise<string>
  /** Notes what was done last, once it is committed. */
  note(call: Call, prepared: Prepared, execution_id: string | undefined): void
}

/** Corrections and elliptical sentences: "no, agent 4", "and tomorrow?", "make it six". */
export function openFollow(parts: Parts): Follow {
  const { questions, language, training } = parts
  const lessons = new WeakMap<Question, Sample>()
  /** What is wrong, and taken back once the answer to a question has put something in its place. */
  const wrong = new WeakMap<Question, Last>()
  const wrongIn = ({ following, is_reply, asked }: Prepared): Last | undefined => {
    if (following?.is_instead === true) return following.last
    return is_reply && asked ? wrong.get(asked.question) : undefined
  }
  return {
    read: async (call, sentence, heard, { fresh, question }) => {
      // A whole command of its own wins.
      const lead = fresh.tier === 'template' || fresh.tier === 'learnt' ? undefined : readLead(heard.text)
      if (lead === undefined || readConsent(heard.text) !== undefined) return undefined
      const last =
        questions.last(call, sentence) ?? (await fromHistory(language, call.user_id, sentence, heard))
      if (last === undefined) return undefined
      const said = {
        user_id: call.user_id,
        heard,
        last,
        lead,
        text: await bareOf(language, call, sentence, last),
      }
      const corrected = await toAgent(language, said)
      if (corrected !== undefined || question?.kind === 'slot') return corrected
      const moved = withParameters(said, await onList(language, said))
      if (moved !== undefined) return moved
      const ordered = await language.understand(call.user_id, { ...heard, text: lead.rest })
      return (await toAction(language, said, ordered)) ?? (await withValue(language, said))
    },
    lessonOf: (question) => question && lessons.get(question),
    settle: async (tx, { user_id }, prepared) => {
      const { lesson, plan } = prepared
      const isDone = plan.kind === 'execute' || (plan.kind === 'course' && plan.course.kind !== 'say')
      const last = isDone ? wrongIn(prepared) : undefined
      const taken = last === undefined ? '' : await takeBack(tx, user_id, last, parts)
      if (lesson === undefined || plan.kind !== 'execute') return taken
      const isLearnt = await training.correct(tx, user_id, lesson)
      const told = isLearnt ? 'I will remember that.' : 'I cannot remember that: I keep no more sentences.'
      return `${taken} ${told}`.trim()
    },
    note: (call, prepared, execution_id) => {
      const { plan, lesson, sentence } = prepared
      if (plan.kind === 'slot' || plan.kind === 'confirm') {
        const last = wrongIn(prepared)
        if (lesson !== undefined) lessons.set(plan, lesson)
        if (last !== undefined) wrong.set(plan, last)
      }
      const now = toLast(prepared, execution_id, questions.last(call, sentence))
      if (now !== undefined) questions.said(call, sentence, now)
    },
  }
}

/** A client without a memory here sends what was said before. */
async function fromHistory(
  language: Pick<Language, 'understand'>,
  user_id: string,
  { history }: Sentence,
  heard: Heard,
): Promise<Last | undefined> {
  const text = history?.at(-1)
  if (text === undefined) return undefined
  const { meaning, parameters, confidence } = await language.understand(user_id, { ...heard, text })
  return { text, meaning, parameters, confidence, execution_id: undefined, is_set_up: false }
}

function bareOf(
  language: Pick<Language, 'bare'>,
  { user_id }: Call,
  { wake_words }: Sentence,
  { text }: Last,
): Promise<string> {
  return language.bare(user_id, { text, wake_words })
}

interface Said {
  user_id: string
  heard: Heard
  last: Last
  lead: Lead
  /** The last sentence without whom it addressed. */
  text: string
}

/** "no, agent 4", "that was for the notes", "the same for agent 4": the same sentence for another agent. */
async function toAgent(language: Parts['language'], said: Said): Promise<Following | undefined> {
  const { user_id, heard, last, lead, text } = said
  if (lead.kind === 'also' || lead.kind === 'make') return undefined
  if (lead.kind === 'no' && isBareNumber(lead.rest) && /^(?:\d+|[a-z]+)$/iu.test(lead.rest)) {
    const isValue = await changed(language, user_id, heard, last, lead)
    if (isValue !== undefined) return undefined
  }
  const only_agent = await language.agentNamed(user_id, lead.rest)
  if (only_agent === undefined || only_agent === 0) return undefined
  const is_instead = lead.kind !== 'same'
  const understood = await language.understand(user_id, { ...heard, text, only_agent, is_addressed: true })
  const { meaning, confidence } = understood
  if (meaning === undefined) return { understood, last, is_instead: false }
  // It went there already, so that it is the action that was wrong.
  const isWrong = is_instead && last.meaning?.agent_number === only_agent
  const rival = understood.alternatives[0]?.confidence ?? 0
  // What would have to be asked for another value is hardly what was said.
  const isLacking = understood.missing !== undefined
  if (isWrong || isLacking || confidence < CONFIDENCE_TO_CORRECT || confidence < CLEARLY * rival)
    return { understood: whatOf(understood, meaning, last), last, is_instead: false }
  const lesson = { text, agent_number: meaning.agent_number, action: meaning.name }
  return { understood, last, is_instead, ...(is_instead && { lesson }) }
}

/** Asks for the action, where an agent was named that could do several things with a sentence. */
function whatOf(
  understood: Understood,
  { agent_number, agent_name, name }: Meaning,
  { meaning: wrong }: Last,
): Understood {
  const own = understood.alternatives.filter((one) => one.agent_number === agent_number)
  const all = [name, ...own.map(({ action }) => action)]
  const left = all.filter((one) => wrong?.agent_number !== agent_number || one !== wrong.name)
  const names = left.map((one) => one.replaceAll('_', ' '))
  const who = `agent ${agent_number}, ${agent_name}`
  if (names.length === 0)
    return { ...unclear(understood), reason: `It was for ${who}, already. Say what it should do instead.` }
  const what = `What should ${who}, do with it: ${listed(names, 'or')}?`
  return { ...unclear(understood), reason: `${what} Say for instance: no, ${names[0]}.` }
}

function unclear(found: Understood): Understood {
  return { ...found, tier: 'none', meaning: undefined, parameters: {}, missing: undefined, confidence: 0 }
}

/** "and tomorrow?", "no, at seven", "make it six", "and eggs": the same command with another value. */
async function withValue(language: Parts['language'], said: Said): Promise<Following | undefined> {
  const { user_id, heard, last, lead } = said
  return withParameters(said, await changed(language, user_id, heard, last, lead))
}

/** The same command with these parameters, when there are any. */
function withParameters(
  { last, lead }: Said,
  parameters: Record<string, unknown> | undefined,
): Following | undefined {
  const { meaning } = last
  if (meaning === undefined || parameters === undefined) return undefined
  const is_instead = lead.kind === 'no' || lead.kind === 'make' || lead.kind === 'for'
  // Who only asks has not ordered anything.
  const isDoubtful = lead.is_question && meaning.action.effect !== 'read'
  const understood: Understood = {
    tier: 'context',
    meaning,
    parameters,
    missing: findMissing(meaning, parameters),
    confidence: isDoubtful ? Math.min(0.5, last.confidence) : last.confidence,
    routing_confidence: 1,
    alternatives: [],
    reason: `It goes on from “${last.text.slice(0, 100)}”.`,
  }
  return { understood, last, is_instead: is_instead && last.execution_id !== undefined }
}

/** "no, remind me": the same sentence for another action; "no, remind me to call at six": another one in its place. */
async function toAction(
  language: Parts['language'],
  { user_id, heard, last, lead, text }: Said,
  ordered: Understood,
): Promise<Following | undefined> {
  if (lead.kind !== 'no' && lead.kind !== 'for') return undefined
  const { tier, parameters, missing } = ordered
  const isPhrase = tier === 'template' || tier === 'learnt'
  const isShort =
    ordered.confidence >= CONFIDENCE_TO_ACT &&
    lead.rest.split(/\s+/u).length <= ACTION_WORDS_MAX &&
    areThings(lead.rest) &&
    // What belongs to somebody is a thing, and names no action.
    !/^(?:my|our|your|his|her|their|the|an?|mein\p{L}*|mis?|die|der|das|los|las|el|la)\s/iu.test(lead.rest) &&
    // A number alone is a value.
    /\p{L}/u.test(lead.rest)
  const named = isPhrase
    ? undefined
    : ((await language.actionNamed(user_id, lead.rest)) ?? (isShort ? ordered.meaning : undefined))
  const meaning = isPhrase ? ordered.meaning : named
  if (meaning === undefined) return undefined
  // "no, undo" and "no, stop" are what they are.
  if (meaning.agent_number === 0) return { understood: ordered, last, is_instead: false }
  if (named === undefined && missing === undefined && Object.keys(parameters).length > 0)
    return { understood: ordered, last, is_instead: last.execution_id !== undefined }
  const { agent_number, name } = meaning
  const isSame = last.meaning?.agent_number === agent_number && last.meaning.name === name
  if (isSame && last.execution_id !== undefined) return undefined
  const only = { only_agent: agent_number, only_action: name, is_addressed: true }
  const found = await language.understand(user_id, { ...heard, ...only, text })
  if (found.meaning === undefined) return undefined
  const filled = { ...found.parameters, ...(isPhrase ? parameters : {}) }
  const understood = { ...found, parameters: filled, missing: findMissing(found.meaning, filled) }
  return { understood, last, is_instead: true, lesson: { text, agent_number, action: name } }
}

/** Undoes what the last sentence did, as far as that is daily data, and says what became of it. */
async function takeBack(
  tx: Tx,
  user_id: string,
  { execution_id, meaning, is_set_up }: Last,
  { agents, changes }: Pick<Parts, 'agents' | 'changes'>,
): Promise<string> {
  if (is_set_up) return 'What was set up stays: say “undo” to take it back.'
  if (execution_id === undefined || meaning === undefined || meaning.action.effect === 'read') return ''
  const { stopped } = agents.executions.stop.one(tx, user_id, execution_id)
  if (stopped.some(({ begun }) => begun === true))
    return 'I have stopped it, but some of it may have happened.'
  if (stopped.length > 0) return 'I have stopped it.'
  try {
    return (await changes.undo.undo(tx, user_id, execution_id)).text
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    if (error.name === 'ROLLBACK_FAILED')
      return error.message.includes('already') ? '' : `What was done before stays: ${lower(error.message)}`
    return meaning.action.effect === 'network' ? 'What was done before cannot be taken back.' : ''
  }
}

function lower(sentence: string): string {
  return `${sentence.slice(0, 1).toLowerCase()}${sentence.slice(1)}`
}

/** What the next sentence may take up; commands to the system as a whole leave what was before them. */
function toLast(
  { plan, sentence, understood, is_reply, following }: Prepared,
  execution_id: string | undefined,
  before: Last | undefined,
): Last | undefined {
  if (plan.kind === 'late' || plan.kind === 'declined') return undefined
  // What was not understood leaves what it was about.
  if (plan.kind === 'unknown' && following !== undefined) return undefined
  const known = plan.kind === 'unknown' ? undefined : plan
  if (plan.kind === 'execute' && plan.meaning.agent_number === 0) return undefined
  const goesOn = is_reply || following !== undefined
  return {
    text: goesOn ? (before?.text ?? following?.last.text ?? sentence.text) : sentence.text,
    meaning: known?.meaning,
    parameters: known?.parameters ?? {},
    confidence: execution_id === undefined ? understood.confidence : 1,
    execution_id,
    is_set_up: plan.kind === 'course' && plan.course.kind !== 'say',
  }
}
