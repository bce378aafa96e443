import type { Command } from 'commander'
import type { ConfirmOptions } from '../confirm.ts'
import type { PassphraseOptions } from '../passphrase.ts'
import { example, withPassphrase } from './parts.ts'
import type { Perform } from './parts.ts'

const passkeyFile = () => import('../passkey.ts')
const approvalFile = () => import('../approvals.ts')
const sessionFile = () => import('../sessions.ts')
const changeFile = () => import('../changes.ts')

/** What users do for their own account. */
export function declareAccount(program: Command, perform: Perform): void {
  declarePasskeys(program, perform)
  declareApprovals(program, perform)
  declareSessions(program, perform)
  declareChanges(program, perform)
  program
    .command('password')
    .description('change your password; ends your other sessions')
    .option('--password-stdin', 'read two lines from standard input: the current password and the new one')
    .addHelpText('after', example('paios password'))
    .action((options: { passwordStdin?: boolean }) =>
      perform(async (context) => (await import('../password.ts')).changePassword(context, options)),
    )
}

function declarePasskeys(program: Command, perform: Perform): void {
  const passkey = program
    .command('passkey')
    .description('passkeys: what proves that it is you, for everything that matters')
    .addHelpText('after', example('paios passkey add --name "server in the cellar"'))
  passkey
    .command('add')
    .description('make a passkey on this machine, in a file that only you can read, and enrol it')
    .option('--name <name>', 'what to call it (default: after this machine)')
    .addHelpText('after', example('paios passkey add --name "server in the cellar"'))
    .action((options: { name?: string }) =>
      perform(async (context) => (await passkeyFile()).addPasskey(context, options)),
    )
  passkey
    .command('list')
    .description('your passkeys on all devices, oldest first')
    .addHelpText('after', example('paios passkey list'))
    .action(() => perform(async (context) => (await passkeyFile()).listPasskeys(context)))
  passkey
    .command('rename')
    .description('call a passkey otherwise')
    .argument('<id>', 'id of the passkey')
    .argument('<name>', 'its name from now on')
    .addHelpText('after', example('paios passkey rename 3f9c2a71 phone'))
    .action((id: string, name: string) =>
      perform(async (context) => (await passkeyFile()).renamePasskey(context, id, name)),
    )
  passkey
    .command('remove')
    .description('remove a passkey; ends your other sessions, and with the last one go the backup codes')
    .argument('<id>', 'id of the passkey')
    .addHelpText('after', example('paios passkey remove 3f9c2a71'))
    .action((id: string) => perform(async (context) => (await passkeyFile()).removePasskey(context, id)))
  passkey
    .command('codes')
    .description('make ten new backup codes; the old ones are void at once')
    .addHelpText('after', example('paios passkey codes'))
    .action(() => perform(async (context) => (await passkeyFile()).newCodes(context)))
}

function declareApprovals(program: Command, perform: Perform): void {
  const list = (options: { limit?: string }) =>
    perform(async (context) => (await approvalFile()).listApprovals(context, options))
  const approvals = program
    .command('approvals')
    .description('what waits for your passkey, and what became of it')
    .addHelpText('after', example('paios approvals'))
    .action(() => list({}))
  approvals
    .command('list')
    .description('the newest, with what became of them')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios approvals list --limit 5'))
    .action(list)
  const one = (name: 'approve' | 'deny' | 'show', description: string) =>
    approvals
      .command(name)
      .description(description)
      .argument('<id>', 'id of the approval')
      .addHelpText('after', example(`paios approvals ${name} 3f9c2a71`))
  one('show', 'one of them, with what was asked').action((id: string) =>
    perform(async (context) => (await approvalFile()).showApproval(context, id)),
  )
  one('approve', 'let it run, with the passkey of this machine').action((id: string) =>
    perform(async (context) => (await approvalFile()).approve(context, id)),
  )
  one('deny', 'refuse it').action((id: string) =>
    perform(async (context) => (await approvalFile()).deny(context, id)),
  )
}

function declareSessions(program: Command, perform: Perform): void {
  const sessions = program
    .command('sessions')
    .description('where you are signed in')
    .addHelpText('after', example('paios sessions'))
    .action(() => perform(async (context) => (await sessionFile()).listSessions(context)))
  sessions
    .command('list')
    .description('where you are signed in, and since when')
    .addHelpText('after', example('paios sessions list'))
    .action(() => perform(async (context) => (await sessionFile()).listSessions(context)))
  sessions
    .command('end')
    .description('sign out somewhere else')
    .argument('<id>', 'id of the session')
    .addHelpText('after', example('paios sessions end 3f9c2a71'))
    .action((id: string) => perform(async (context) => (await sessionFile()).endSession(context, id)))
}

function declareChanges(program: Command, perform: Perform): void {
  const changes = program
    .command('changes')
    .description('changes of your agents, workflows and settings, newest first')
    .option('--limit <count>', 'how many, 1 to 500', '20')
    .addHelpText('after', example('paios changes --limit 5'))
    .action((options: { limit?: string }) =>
      perform(async (context) => (await changeFile()).listChanges(context, options)),
    )
  withPassphrase(changes.command('verify'))
    .description('whether what passkeys have signed is what was done; on the machine of the server')
    .addHelpText('after', example('paios changes verify'))
    .action((options: PassphraseOptions) =>
      perform(async (context) => (await changeFile()).verifyChanges(context, options)),
    )
  program
    .command('undo')
    .description('take back a change, the newest unless it is named; that is a change itself')
    .argument('[change]', 'id of the change, or the end of it')
    .option('--yes', 'do not ask about what it takes back')
    .addHelpText('after', example('paios undo 3f9c2a71'))
    .action((id: string | undefined, options: ConfirmOptions) =>
      perform(async (context) => (await import('../undo.ts')).undoChange(context, id, options)),
    )
}
