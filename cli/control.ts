import { dataFolder } from './place.ts'
import { EXIT, Stop } from './exit.ts'
import type { Environment } from './io.ts'

/** What the administrator of a machine may command the server that runs there. */
interface Commands {
  'new-setup-code': { input: Record<string, never>; answer: { setup_code: string } }
  'rotate-signing': { input: Record<string, never>; answer: { kid: string } }
  'add-user': { input: { email: string; password: string }; answer: { user: { id: string; email: string } } }
  backup: { input: Record<string, never>; answer: { name: string; bytes: number } }
  unseal: { input: { passphrase: string }; answer: { sealed: false } }
  seal: { input: Record<string, never>; answer: { sealed: true } }
  'recover-user': { input: { email: string }; answer: { code: string } }
}

/** Commands the server of this machine, through a socket that only its own user can open. */
export async function command<N extends keyof Commands>(
  environment: Environment,
  name: N,
  input: Commands[N]['input'],
): Promise<Commands[N]['answer']> {
  const { ControlError, askControl, controlPath } = await import('../server/transports/control.ts')
  try {
    return (await askControl(controlPath(dataFolder(environment)), name, input)) as Commands[N]['answer']
  } catch (error) {
    if (!(error instanceof ControlError)) throw error
    const { refusal } = error
    if (refusal !== undefined) throw new Stop(EXIT.failed, refusal.message, { cause: error })
    throw new Stop(EXIT.unreachable, error.message, { cause: error })
  }
}
