import type { Call } from '../../kernel/answers.ts'
import type { Sensitive, Subject } from '../workflows/spoken/course.ts'
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

/** What conversations are about: the questions that are open, as calls and their sentences meet them. */
export interface Questions {
  /** The open question, unless the sentence was said to another agent than the one that asks. */
  open(call: Call, place: Place): Asked | undefined
  /** Whether a question is still the open one: of two answers at once only the first finds it so. */
  isOpen(call: Call, asked: Asked): boolean
  /** What a plan means for the conversation. `asked` is what was open before it. */
  follow(call: Call, place: Place, plan: Plan, asked: Asked | undefined): void
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
    follow: (call, place, plan, asked) => {
      const key = keyOf(call.user_id, place.conversation_id)
      if (stillAsking(plan, asked) !== undefined) return
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

/** What nobody understands answers no question: whether a workflow is to be made is still asked, and said so. */
export function stillAsking({ kind }: Plan, asked: Asked | undefined): Done | undefined {
  const { question } = asked ?? {}
  const isAsked = question?.kind === 'confirm' && question.offer?.proposal !== undefined
  return kind === 'unknown' && isAsked ? { text: STILL_ASKED, followup: true } : undefined
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
