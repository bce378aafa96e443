import type { CredentialData } from '../../contract/credentials.ts'
import type { Context } from '../context.ts'
import { EXIT, Stop } from '../exit.ts'
import { prompt, readAll } from '../prompt.ts'

/** A secret never stands on the command line, where others could read it. */
export interface SecretOptions {
  /** Additional fields that are asked for, such as `username`. */
  field?: readonly string[]
  /** Standard input is the secret itself. */
  stdin?: boolean
  /** Standard input is the secret with its additional fields, as JSON. */
  jsonStdin?: boolean
}

const FORM = '{"value": "...", "additional_fields": {"username": "..."}}'

/** Takes a secret from standard input, or asks for it without showing it. */
export async function readSecret(
  { io, interactive }: Pick<Context, 'io' | 'interactive'>,
  { field: fields = [], stdin = false, jsonStdin = false }: SecretOptions,
): Promise<CredentialData> {
  if (stdin || jsonStdin) {
    if (fields.length > 0 || (stdin && jsonStdin))
      throw new Stop(EXIT.usage, `Give --json-stdin alone, with input such as ${FORM}.`)
    if (io.stdin.isTTY === true)
      throw new Stop(EXIT.usage, 'Leave out --stdin: here you are asked, and nothing is shown.')
    const text = await readAll(io)
    return jsonStdin ? parse(text) : { value: some(text.replace(/\r?\n$/, '')) }
  }
  if (!interactive) throw new Stop(EXIT.usage, 'There is nobody to ask: give --stdin or --json-stdin.')
  const names = ['Secret', ...fields]
  const replies = await prompt(
    io,
    names.map((name) => ({ text: `${name}: `, hidden: true })),
  )
  const [value = '', ...others] = replies ?? []
  if (replies === undefined) throw new Stop(EXIT.failed, 'Cancelled. Nothing was stored.')
  const additional_fields = Object.fromEntries(fields.map((name, index) => [name, others[index] ?? '']))
  return { value: some(value), ...(fields.length === 0 ? {} : { additional_fields }) }
}

function some(value: string): string {
  if (value === '') throw new Stop(EXIT.usage, 'The secret is empty. Nothing was stored.')
  return value
}

/** What of it is wrong otherwise the server says. */
function parse(text: string): CredentialData {
  try {
    const data = JSON.parse(text) as CredentialData
    if (typeof data?.value === 'string') return data
  } catch {
    // The text is a secret: a message that names its place would show a part of it.
  }
  throw new Stop(EXIT.usage, `Standard input is not JSON such as ${FORM}.`)
}
