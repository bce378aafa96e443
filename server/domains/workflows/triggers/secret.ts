/** How a webhook names the credential that its calls are signed with: a secret itself stands in no definition. */
const REFERENCE = /^cred:([\w-]{1,64})$/

/** The credential that the `secret` of a webhook names; nothing for what is no reference. */
export function credentialOf(secret: unknown): string | undefined {
  return typeof secret === 'string' ? REFERENCE.exec(secret)?.[1] : undefined
}

/** The `secret` of what triggers a workflow; nothing without one, or where it is no webhook. */
export function secretOf(trigger: unknown): unknown {
  const { type, conditions } = Object(trigger) as { type?: unknown; conditions?: unknown }
  return type === 'webhook' ? (Object(conditions) as { secret?: unknown }).secret : undefined
}
