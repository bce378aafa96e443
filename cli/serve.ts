import type { Io } from './io.ts'

/** Runs a server until it is told to stop, and answers its exit code. */
export async function runServer({ environment }: Pick<Io, 'environment'>): Promise<number> {
  const { serve } = await import('../server/main.ts')
  return serve(environment)
}
