import type { AgentResponse, Execution } from '../../../contract/agents.ts'
import type { VoiceProcessed } from '../../../contract/voice.ts'
import type { Understood } from '../language/understand.ts'
import type { Sensitive } from '../workflows/spoken/course.ts'
import { readConsent } from '../language/consent/words.ts'
import type { Sentence } from './converse.ts'
import type { Plan } from './decide.ts'
import { suggestions } from './decide.ts'
import { joined } from './reply.ts'

/** What was done about a sentence in its transaction. */
export interface Done {
  text: string
  execution?: Execution
  followup?: boolean
  workflow_id?: string
  workflow_execution_id?: string
  /** What goes through the guards of its own once the sentence is recorded. */
  sensitive?: Sensitive
}

/** The answer as far as it is known once the sentence is committed. `processing_ms` so far. */
export function toAnswer(
  { text, language, heard }: Pick<Sentence, 'text' | 'language' | 'heard'>,
  { plan, understood }: { plan: Plan; understood: Understood },
  done: Done,
  processing_ms: number,
): VoiceProcessed {
  const { confidence, routing_confidence, alternatives, reason, meaning, parameters, fallbacks } = understood
  const known = plan.kind === 'unknown' ? undefined : meaning
  // Help with nothing in particular is the concierge's, and about all agents.
  const isHelp = known?.agent_number === 1 && known.name === 'help' && Object.keys(parameters).length === 0
  const isGlobal = known?.agent_number === 0 || isHelp
  const target = known === undefined ? (understood.addressed ?? null) : isGlobal ? null : known.agent_number
  const next = new Set(fallbacks ?? alternatives.map(({ agent_number }) => agent_number))
  return {
    transcribed_text: text,
    confidence_score: heard?.confidence ?? 1,
    detected_language: language,
    intent: {
      action: known?.name ?? 'unknown',
      entities: parameters,
      confidence: known === undefined ? 0 : confidence,
      // The likeliest may have turned out to be no order, and be none of the surest any more.
      alternative_intents: alternatives
        .map(({ action, entities, confidence: sure }) => ({ action, entities, confidence: sure }))
        .toSorted((a, b) => b.confidence - a.confidence),
    },
    agent_routing: {
      target_agent: target,
      // Whoever is addressed is meant, also where nothing was understood.
      routing_confidence: known === undefined && understood.addressed !== undefined ? 1 : routing_confidence,
      fallback_agents: [...next].filter((number) => number !== target && number !== 0),
      global_command: isGlobal,
      reason,
    },
    response: {
      text: done.text,
      requires_followup: done.followup ?? false,
      ...(known === undefined && plan.kind === 'unknown' ? { suggestions: suggestions(alternatives) } : {}),
    },
    command_understood: plan.kind !== 'unknown',
    ...(done.execution === undefined ? {} : { execution_id: done.execution.execution_id }),
    ...(done.workflow_id === undefined ? {} : { workflow_id: done.workflow_id }),
    ...(done.workflow_execution_id === undefined
      ? {}
      : { workflow_execution_id: done.workflow_execution_id }),
    ...(plan.kind === 'confirm' && plan.offer?.proposal !== undefined
      ? { proposal: plan.offer.proposal }
      : {}),
    processing_ms: toMs(processing_ms),
  }
}

/** A yes or no to a question that is not open any more, as after a restart, is told so. */
export function notUnderstood(
  { text }: Pick<Sentence, 'text'>,
  { reason, is_off }: Pick<Understood, 'reason' | 'is_off'>,
): Done {
  if (is_off === true) return { text: reason, followup: true }
  const answers = readConsent(text) !== undefined
  const said = answers ? 'I have asked you nothing, or too long ago: please say it again.' : ''
  return { text: said === '' ? `I did not understand that. ${reason}` : said, followup: true }
}

/** Whether it would ask back first is told, too, and what is only to be said. */
export function dryRun(plan: Plan): Done {
  const followup = plan.kind === 'confirm' || plan.kind === 'slot'
  const said = plan.kind === 'course' && plan.course.kind === 'say' ? plan.course.text : ''
  return { text: joined(said, 'Nothing was done: this was a dry run.'), followup }
}

/** What an execution answered; one that is still running when the waiting ends says so. */
export function toResponse({ result }: Execution): AgentResponse {
  if (result !== undefined) return result
  return {
    success: false,
    error: 'AGENT_003: It is still running.',
    metadata: { execution_time: 0, resources_used: [] },
  }
}

/** A response as a sentence: what the action said, or its failure without the code. */
export function spoken({ text, error }: AgentResponse): string {
  return text ?? (error ?? 'It failed.').replace(/^[A-Z]+(?:_\d{3})?: /, '')
}

/** Milliseconds to three decimals. */
export function toMs(ms: number): number {
  return Math.round(ms * 1000) / 1000
}

/** An answer with the address of its sound, where there is a voice for it. */
export function voiced(
  sentence: Pick<Sentence, 'say'> | undefined,
  response: VoiceProcessed['response'],
): VoiceProcessed['response'] {
  const audio_url = response.text === '' ? undefined : sentence?.say?.(response.text)
  return audio_url === undefined ? response : { ...response, audio_url }
}

/** What an event tells of an answer. */
export function spokenOf({ text, audio_url }: VoiceProcessed['response']): {
  text: string
  audio_url?: string
} {
  return audio_url === undefined ? { text } : { text, audio_url }
}
