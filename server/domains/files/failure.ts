import { ActionError } from '../../skills/skill.ts'

/** Says what a disk refuses in a sentence for the user. */
export async function explained<T>(path: string, work: Promise<T>): Promise<T> {
  try {
    return await work
  } catch (error) {
    const code = codeOf(error)
    if (code === undefined) throw error
    const why = WHY[code] ?? `cannot be looked at (${code})`
    throw new ActionError(`${path} ${why}.`, { cause: error })
  }
}

const WHY: Readonly<Record<string, string>> = {
  EACCES: 'may not be read by this server',
  EPERM: 'may not be read by this server',
  ELOOP: 'is a link that leads in a circle',
  ENAMETOOLONG: 'has a name that is too long',
  ENOENT: 'went away while it was looked at',
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof ActionError) return undefined
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** Whether nothing is there, rather than something that cannot be looked at. */
export function isMissing(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')
}
