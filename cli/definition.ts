import { basename, extname } from 'node:path'
import type { DefinitionProblem } from '../contract/workflows.ts'
import { ApiFault } from '../sdk/fault.ts'
import type { Context } from './context.ts'
import { requireSignedIn } from './context.ts'
import { EXIT, Stop } from './exit.ts'
import type { Answer } from './exit.ts'
import { sayBreak } from './json-place.ts'
import { oneLine, table, visible } from './print.ts'
import { readTextFile } from './text-file.ts'

/** Everything that is wrong with the definition in a file. */
export async function validateFile(context: Context, path: string): Promise<Answer> {
  const read = readWorkflow(path)
  await requireSignedIn(context)
  return validated(context, read)
}

async function validated(
  { client }: Pick<Context, 'client'>,
  { definition }: Pick<File, 'definition'>,
): Promise<Answer> {
  const found = await client.ask('workflows.validate', { definition })
  const problems = [
    ...found.errors.map((one) => ['error', one] as const),
    ...found.warnings.map((one) => ['warning', one] as const),
  ]
  return {
    data: found,
    text: problems.length === 0 ? 'Nothing is wrong with it.' : list(problems),
    exit: found.valid ? EXIT.done : EXIT.failed,
  }
}

/** Does what takes a definition; where the definition is what is wrong, all that is wrong with it is told instead. */
export async function orProblems<T>(
  context: Pick<Context, 'client'>,
  given: Pick<File, 'definition'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ApiFault) || !REFUSALS.has(error.code)) throw error
    const answer = await validated(context, given)
    if (answer.exit !== EXIT.failed) throw error
    throw new Stop(EXIT.failed, 'The definition is wrong, so nothing was changed:', {
      cause: error,
      list: answer.text,
    })
  }
}

/** What a definition may be refused with: by its shape, and by what it says. */
const REFUSALS: ReadonlySet<string> = new Set(['GENERAL_001', 'WORKFLOW_003'])

/** A problem a line; what of a message stands on lines of its own, such as where an expression breaks, follows it. */
function list(problems: readonly (readonly [kind: string, problem: DefinitionProblem])[]): string {
  const messages = problems.map(([, { message }]) => visible(message).split('\n'))
  const rows = problems.map(([kind, { path, code }], index) => [
    kind,
    code,
    oneLine(path) || '/',
    messages[index]?.[0] ?? '',
  ])
  const lines = table(rows).split('\n')
  return lines
    .flatMap((line, index) => [line, ...(messages[index] ?? []).slice(1).map((one) => `    ${one}`)])
    .join('\n')
}

/** What a file says of a workflow. */
interface File {
  name?: string
  description?: string
  definition: unknown
}

/** The name that a file gives its workflow, or its own. */
export function nameIn(path: string, { name }: File): string {
  return name ?? basename(path, extname(path))
}

/** A definition, or an object that has one beside its name and description. What of it is wrong the server says. */
export function readWorkflow(path: string): File {
  const given = readJson(path)
  if (typeof given !== 'object' || given === null || !('definition' in given)) return { definition: given }
  const { name, description, definition } = given as Record<keyof File, unknown>
  return {
    definition,
    ...(typeof name === 'string' ? { name } : {}),
    ...(typeof description === 'string' ? { description } : {}),
  }
}

function readJson(path: string): unknown {
  const text = readTextFile(path)
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Stop(EXIT.usage, `${path} is not JSON${sayBreak(text)}.`, { cause: error })
  }
}
