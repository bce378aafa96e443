import type { HeaderFact, TierFact } from './notation.ts'

/** The three tiers with their four numbers. */
export const tiers = {
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
} as const satisfies Record<string, TierFact>

/** The headers that tell a caller how much of the limit is left. */
export const rateLimitHeaders: readonly HeaderFact[] = [
  { name: 'X-RateLimit-Limit', example: '1000' },
  { name: 'X-RateLimit-Remaining', example: '999' },
  { name: 'X-RateLimit-Reset', example: '1640995200' },
  { name: 'X-RateLimit-Type', example: 'user', values: ['user', 'ip', 'agent'] },
]

/** The two ways to ask for a version. */
export const versionHeaders: readonly HeaderFact[] = [
  { name: 'Accept', example: 'application/vnd.paios.v1+json' },
  { name: 'API-Version', example: 'v1' },
]

/** The single values that the specification states in its sentences. */
export const constants = {
  version: 'v1',
  base_path: '/api',
  default_port: 3001,
  content_type: 'application/json',
  token_type: 'Bearer',
  access_token_minutes: 15,
  message_version: '1.0',
  version_kept_months_min: 12,
  deprecation_warning_months: 3,
} as const
