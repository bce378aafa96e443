/** What a webhook's sender sent. */
export interface Delivery {
  /** As it was asked; `HEAD`, too. */
  readonly method: string
  /** Headers that a workflow may see, by their names in small letters: none that opens something. */
  readonly headers: Readonly<Record<string, string>>
  /** What is given more than once is a list. */
  readonly query: Readonly<Record<string, string | readonly string[]>>
  /** Reads the body: what is not welcome is not read at all. @throws Fault when it is not what it is announced as. */
  readonly read: () => Promise<unknown>
  /** The body as it came, which is what a signature is over. */
  readonly bytes: Uint8Array
  readonly signature: SentSignature
  /** What the sender calls this delivery, however often it is sent. */
  readonly id: string | undefined
  /** How long the sender waits for the end. */
  readonly wait_s: number | undefined
}

/** Headers that sign a delivery, as they came. */
export interface SentSignature {
  /** `webhook-id`, `webhook-timestamp` and `webhook-signature` (Standard Webhooks). */
  readonly id: string | undefined
  readonly timestamp: string | undefined
  readonly standard: string | undefined
  /** `X-Hub-Signature-256`, as GitHub sends it. */
  readonly hub: string | undefined
}
