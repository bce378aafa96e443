import type { Call } from '../../kernel/answers.ts'
import type { Sensitive, Subject } from '../workflows/spoken/course.ts'
import { quoted } from '../workflows/spoken/say.ts'
import type { Done } from './answer.ts'
import { openConversations } from './conversation.ts'
import type { Last, Question } from './conversation.ts'
import type { Plan } from './decide.ts'

/** Where a sentence was said. */
interface Place {
  conversation_id: string
  only_agent: number | undefined
}

/** A question in the conversation where it was asked. */
export interface Asked {
  key: string
  question: Question
}

/** A sentence, what is done about it, the question that was open before it, and whether it answers that. */
interface Answering {
  sentence: { text: string }
  plan: Plan
  asked: Asked | undefined
  is_reply: boolean
}

/** What conversations are about: the questions that are open, as calls and their sentences meet them. */
export interface Questions {
  /** The open question, unless the sentence was said to another agent than the one that asks. */
  open(call: Call, place: Place): Asked | undefined
  /** Whether a question is still the open one: of two answers at once only the first finds it so. */
  isOpen(call: Call, asked: Asked): boolean
  /** What a plan means for the conversation. */
  follow(call: Call, place: Place, answering: Answering): void
  /** Asks again about what needs a newer sign-in. `now` in epoch ms. */
  again(call: Call, place: Place, plan: Extract<Plan, { kind: 'course' }>, waits: Waiting): void
  /** Whether a change is the last one that was made by what was said in the conversation. */
  isMine(call: Call, place: Place, modification_id: string): boolean
  did(call: Call, place: Place, modification_id: string): void
  /** The agent or workflow that was spoken of last: what "it" means. */
  subject(call: Call, place: Place): Subject | undefined
  spokeOf(call: Call, place: Place, subject: Subject | undefined): void
  /** The last command, which the next sentence may correct or go on from. */
  last(call: Call, place: Place): Last | undefined
  said(call: Call, place: Place, last: Last): void
}

interface Waiting {
  agreed: Sensitive
  now: number
}

export function openQuestions(): Questions {
  const conversations = openConversations()
  const own = (call: Call, place: Place): Asked | undefined => {
    const key = keyOf(call.user_id, place.conversation_id)
    const question = conversations.open(key, call.now)
    return question && { key, question }
  }
  /** A conversation without a name ends with its session, but what waits for a newer sign-in goes on in that one. */
  const left = (call: Call, place: Place): Asked | undefined => {
    const { caller, now, user_id } = call
    if (caller === undefined || !isUnnamed(call, place)) return undefined
    const key = keyOf(user_id, NO_NAME)
    const question = conversations.open(key, now)
    const waits = question?.kind === 'confirm' ? question.offer?.waits : undefined
    if (question === undefined || waits === undefined) return undefined
    const isNewer = caller.password_at !== undefined && caller.password_at >= waits.since
    return isNewer || caller.session_id === waits.session_id ? { key, question } : undefined
  }
  return {
    open: (call, place) => {
      const asked = own(call, place) ?? left(call, place)
      const { only_agent } = place
      return only_agent === undefined || asked?.question.meaning.agent_number === only_agent
        ? asked
        : undefined
    },
    isOpen: (call, { key, question }) => conversations.open(key, call.now) === question,
    follow: (call, place, answering) => {
      const { plan, asked } = answering
      const key = keyOf(call.user_id, place.conversation_id)
      if (stillAsking(plan, asked) !== undefined || besides(answering).tail !== '') return
      if (asked !== undefined) conversations.close(asked.key)
      if (plan.kind === 'slot' || plan.kind === 'confirm') conversations.ask(key, plan, call.now)
      else conversations.close(key)
    },
    again: (call, place, { meaning, parameters }, { agreed, now }) => {
      const { session_id = '' } = call.caller ?? {}
      const offer = { agreed, waits: { session_id, since: now } }
      const name = isUnnamed(call, place) ? NO_NAME : place.conversation_id
      const question: Question = { kind: 'confirm', meaning, parameters, question: '', offer }
      conversations.ask(keyOf(call.user_id, name), question, now)
    },
    isMine: ({ user_id }, { conversation_id }, id) =>
      conversations.lastDone(keyOf(user_id, conversation_id)) === id,
    did: ({ user_id }, { conversation_id }, id) => conversations.did(keyOf(user_id, conversation_id), id),
    subject: ({ user_id, now }, { conversation_id }) =>
      conversations.subject(keyOf(user_id, conversation_id), now),
    spokeOf: ({ user_id, now }, { conversation_id }, subject) =>
      conversations.spokeOf(keyOf(user_id, conversation_id), subject, now),
    last: ({ user_id, now }, { conversation_id }) => conversations.last(keyOf(user_id, conversation_id), now),
    said: ({ user_id, now }, { conversation_id }, last) =>
      conversations.said(keyOf(user_id, conversation_id), last, now),
  }
}

/** The name of the workflow that a question proposes, when it proposes one. */
export function proposedIn(question: Question | undefined): string | undefined {
  const offer = question?.kind === 'confirm' ? question.offer : undefined
  // What was agreed to already only waits for a newer sign-in.
  const agreed = offer?.waits === undefined ? offer?.agreed : undefined
  return agreed?.operation === 'workflows.create' ? String(agreed.input['name']) : undefined
}

/** What nobody understands answers no question: whether a workflow is to be made is still asked, and said so. */
export function stillAsking({ kind }: Plan, asked: Asked | undefined): Done | undefined {
  const isAsked = proposedIn(asked?.question) !== undefined
  return kind === 'unknown' && isAsked ? { text: STILL_ASKED, followup: true } : undefined
}

/** What is said of a proposal that a sentence does not answer: before what is done, that it is left; after it, that it is not. */
export function besides({ plan, asked, is_reply, sentence }: Answering): { lead: string; tail: string } {
  const name = is_reply ? undefined : proposedIn(asked?.question)
  if (name === undefined || plan.kind === 'unknown' || isStop(plan)) return { lead: '', tail: '' }
  // Whoever begins with a no, or asks for another one, be it in vain, has left the first. What needs proof may have to
  // be asked about again, and one question is open at a time.
  const isOther =
    BEGINS_WITH_NO.test(sentence.text) ||
    ('meaning' in plan && plan.meaning.name === 'create_workflow') ||
    (plan.kind === 'course' && plan.course.kind === 'sensitive')
  return isOther || plan.kind === 'slot' || plan.kind === 'confirm'
    ? { lead: `I leave ${quoted(name)} for now.`, tail: '' }
    : { lead: '', tail: `I still ask whether to make ${quoted(name)}.` }
}

/** What begins by refusing, whatever comes after it. */
export const BEGINS_WITH_NO = /^\s*(?:no|nope|nein)\b/iu

function isStop(plan: Plan): boolean {
  return plan.kind === 'execute' && plan.meaning.agent_number === 0 && plan.meaning.name === 'stop'
}

const STILL_ASKED =
  'I did not understand that, and still ask whether to make it: say yes or no, or what to change, such as “at 9” or “on Mondays”.'

/** No conversation is called so. */
const NO_NAME = ''

function isUnnamed({ caller }: Call, { conversation_id }: Place): boolean {
  return conversation_id === caller?.session_id
}

function keyOf(user_id: string, conversation_id: string): string {
  return `${user_id} ${conversation_id}`
}
