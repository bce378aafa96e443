import type { Language } from '../language/index.ts'
import { findMissing } from '../language/understand.ts'
import type { Heard, Understood } from '../language/understand.ts'
import { readConsent } from './conversation.ts'
import type { Question } from './conversation.ts'
import type { Plan } from './decide.ts'

/** What a sentence means as the answer to a question. Without a plan it is decided about like any other. */
export interface Replied {
  understood: Understood
  plan?: Plan
}

const SORRY = 'Sorry, I did not get that. '

/** A question of three words at least. */
const ASKING = /^\s*(?:what|when|how|who|where|which|why|is|are|can|could|do|does|did)(?:'s)?\s+\S+\s+\S/i

/** How a sentence answers the open question, or nothing when it is a command of its own. */
export async function readReply(
  language: Language,
  user_id: string,
  question: Question,
  fresh: Understood,
  heard: Heard,
): Promise<Replied | undefined> {
  const { meaning, parameters } = question
  const understood: Understood = {
    tier: 'template',
    meaning,
    parameters,
    missing: undefined,
    confidence: 1,
    routing_confidence: 1,
    alternatives: [],
    reason: 'It answers my question.',
  }
  // "Stop" closes the question and stops what runs besides: it must never mean less than it says.
  if (fresh.meaning?.agent_number === 0 && fresh.meaning.name === 'stop' && fresh.tier === 'template')
    return undefined
  const consent = readConsent(heard.text)
  if (consent === 'no') return { understood, plan: { kind: 'declined' } }
  if (question.kind === 'confirm') {
    return consent === 'yes' ? { understood, plan: agreedTo(question) } : undefined
  }
  // A whole command of its own wins over being taken for the value that was asked for, unless commands were asked for.
  const isOrdered = meaning.agent_number === 0 && meaning.name === 'create_workflow'
  if (fresh.tier === 'template' && fresh.missing === undefined && !isOrdered) return undefined
  const said = await language.readSlot(user_id, meaning, question.parameter, heard)
  // Who asks something has not answered, unless the text itself is what was asked for.
  const isText = said !== undefined && Object.values(said).includes(heard.text.trim())
  if (ASKING.test(heard.text) && !isText) return undefined
  // What answers nothing makes way for a command, and asked twice in vain for whatever was understood.
  const makesWay = fresh.tier === 'template' || question.question.startsWith(SORRY)
  if (said === undefined && makesWay && fresh.meaning !== undefined) return undefined
  if (said === undefined)
    return { understood, plan: { ...question, question: `${SORRY}${question.question.replace(SORRY, '')}` } }
  const filled = { ...parameters, ...said }
  return { understood: { ...understood, parameters: filled, missing: findMissing(meaning, filled) } }
}

function agreedTo({ meaning, parameters, offer }: Extract<Question, { kind: 'confirm' }>): Plan {
  if (offer === undefined) return { kind: 'execute', meaning, parameters }
  return { kind: 'course', meaning, parameters, course: { kind: 'sensitive', sensitive: offer.agreed } }
}
