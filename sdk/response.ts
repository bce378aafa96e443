import type { PendingApproval } from '../contract/approvals.ts'
import type { APIError } from '../contract/errors.ts'
import type { Operation } from '../contract/operation.ts'
import { ApiFault, NoAnswer } from './fault.ts'

/** Nothing that the contract knows is larger; more is not read, so that a foreign server cannot fill the memory. */
const ANSWER_BYTES_MAX = 67_108_864

const PENDING_STATUS = 202

type Body = Readonly<Record<string, unknown>>

/**
 * Takes the answer of an operation out of its envelope.
 *
 * @throws ApiFault when it is a refusal; NoAnswer `foreign` when it is neither.
 */
export async function readAnswer(
  { name, http }: Pick<Operation, 'name' | 'http'>,
  response: Response,
): Promise<unknown> {
  const { status, ok, headers } = response
  const bytes = await readBytes(response)
  if (ok && http.media !== undefined && headers.get('content-type') === http.media)
    return { audio_data: bytes.toString('base64') }
  const body = parse(bytes.toString('utf8'), status)
  if (!ok) {
    if (isRefusal(body)) throw new ApiFault(name, status, body.error)
    throw foreign(status)
  }
  const { data } = body
  // Whatever the envelope of the operation, a call that waits for an approval is answered in this one.
  if (status === PENDING_STATUS && isPending(data)) return data
  if (http.envelope === 'document') return body
  if (body['success'] !== true) throw foreign(status)
  if (http.envelope !== 'flat') return data
  const { success: _, warnings: _warnings, ...fields } = body
  return fields
}

/** Whether an answer is the receipt of a call that waits for an approval. */
export function isPending(answer: unknown): answer is PendingApproval {
  const { approval_id, expires_at } = (answer ?? {}) as Partial<PendingApproval>
  return typeof approval_id === 'string' && typeof expires_at === 'string'
}

async function readBytes({ body, status }: Response): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of body ?? []) {
    size += chunk.length
    if (size > ANSWER_BYTES_MAX) throw foreign(status)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks, size)
}

function parse(text: string, status: number): Body {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw foreign(status, error)
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Body
  throw foreign(status)
}

function isRefusal(body: Body): body is Body & APIError {
  const error = body['error'] as Partial<APIError['error']> | null | undefined
  return typeof error?.code === 'string' && typeof error.message === 'string'
}

function foreign(status: number, cause?: unknown): NoAnswer {
  return new NoAnswer('foreign', `What answered is not PAIOS (HTTP ${status}).`, { cause })
}
