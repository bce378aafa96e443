/** What workflows are, and how to speak of them: they belong to no agent, so no agent tells. */
export const WORKFLOWS =
  'A workflow is a list of actions that run by themselves: at a time, when something happens, or when you say so.'

export const WORKFLOW_EXAMPLES: readonly [string, ...string[]] = [
  'every weekday at 8 list my reminders',
  'list my workflows',
  'what failed last night',
]

/** Whether help is asked about workflows as such. */
export function isAboutWorkflows(about: string): boolean {
  return /^\s*(?:the|my|your)?\s*(?:workflows?|automations?|routines?)\s*$/i.test(about)
}
