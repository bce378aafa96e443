/** What is counted, each in its own window (specification, "Rate Limit Tiers"). */
export type LimitKind =
  | 'requests_per_minute'
  | 'voice_commands_per_hour'
  | 'agent_executions_per_hour'
  | 'workflow_executions_per_day'

export type Tier = 'free' | 'pro' | 'enterprise'

/** Calls per user in a sliding window of the length in the name. */
export const TIERS: Readonly<Record<Tier, Readonly<Record<LimitKind, number>>>> = {
  free: {
    requests_per_minute: 60,
    voice_commands_per_hour: 100,
    agent_executions_per_hour: 200,
    workflow_executions_per_day: 50,
  },
  pro: {
    requests_per_minute: 300,
    voice_commands_per_hour: 500,
    agent_executions_per_hour: 1000,
    workflow_executions_per_day: 500,
  },
  enterprise: {
    requests_per_minute: 1000,
    voice_commands_per_hour: 2000,
    agent_executions_per_hour: 5000,
    workflow_executions_per_day: 2000,
  },
}

/** Response headers that tell the tightest window (specification, "Rate Limit Headers"). */
export const LIMIT_HEADERS = [
  'X-RateLimit-Limit',
  'X-RateLimit-Remaining',
  'X-RateLimit-Reset',
  'X-RateLimit-Type',
] as const

/** Values of `X-RateLimit-Type`. */
export const LIMIT_TYPES = ['user', 'ip', 'agent'] as const

/** Request headers that name the version, and the one version there is (specification, "API Versioning"). */
export const API_VERSION = 'v1'
export const VERSION_MEDIA_TYPE = 'application/vnd.paios.v1+json'
export const VERSION_HEADER = 'API-Version'

/** Seconds that an access token is valid (specification, "API Security Features"). */
export const ACCESS_TOKEN_SECONDS = 900

/** Confidence from which an understood sentence with an effect runs without asking (decision 34), unless it was guessed. */
export const CONFIDENCE_TO_ACT = 0.8
/**
 * Confidence from which something with an effect is done on a guess alone: of the statements that people make near a
 * system that hears them, some look like commands with less.
 */
export const CONFIDENCE_TO_GUESS = 0.95
/**
 * What was guessed with less is no answer to rely on, although it does no harm: of 500 sentences that nobody here is for,
 * five at most are guessed with more.
 */
export const CONFIDENCE_TO_ANSWER = 0.85
/** What was heard less surely than this is asked about before it has an effect. */
export const CONFIDENCE_HEARD = 0.8
/** Confidence below which a sentence counts as not understood (decision 34). */
export const CONFIDENCE_TO_ASK = 0.2
