import type { Command } from 'commander'
import type { BackupOptions } from '../backup.ts'
import type { ImportOptions } from '../import.ts'
import type { RestoreOptions } from '../restore.ts'
import type { PassphraseOptions } from '../passphrase.ts'
import { example, withPassphrase } from './parts.ts'
import type { Perform } from './parts.ts'

const backupFile = () => import('../backup.ts')

export function declareKeeping(program: Command, perform: Perform): void {
  const backup = program
    .command('backup')
    .description('make a backup of the whole server, on its machine')
    .option('--to <file>', 'write it to this file too, encrypted with a passphrase')
    .option('--passphrase-stdin', 'read the passphrase from standard input; asked for otherwise')
    .addHelpText('after', example('paios backup --to /media/stick/paios.age'))
    .action((options: BackupOptions) =>
      perform(async (context) => (await backupFile()).makeBackup(context, options)),
    )
  backup
    .command('list')
    .description('the backups, newest first')
    .addHelpText('after', example('paios backup list'))
    .action(() => perform(async (context) => (await backupFile()).listBackups(context)))
  withPassphrase(backup.command('verify'))
    .description('restore a backup into a folder of its own and look at all of it')
    .argument('[name]', 'the newest unless named')
    .addHelpText('after', example('paios backup verify'))
    .action((name: string | undefined, _own: PassphraseOptions, command: Command) =>
      perform(async (context) =>
        // The command above it has an option of that name, which takes it wherever it stands.
        (await backupFile()).verifyBackup(context, name, command.optsWithGlobals<PassphraseOptions>()),
      ),
    )
  program
    .command('export')
    .description('write everything of yours into one archive, in open formats and without secrets')
    .requiredOption('--to <file>', 'file to write, such as mine.tar')
    .addHelpText('after', example('paios export --to mine.tar'))
    .action((options: { to: string }) =>
      perform(async (context) => (await import('../export.ts')).exportAccount(context, options)),
    )
  program
    .command('import')
    .description('bring an export into your account; what is there already stays')
    .argument('<file>', 'archive that paios export has written')
    .option('--dry-run', 'only say what would be done')
    .option('--yes', 'do not ask about what would act by itself')
    .addHelpText('after', example('paios import mine.tar --dry-run'))
    .action((file: string, options: ImportOptions) =>
      perform(async (context) => (await import('../import.ts')).importAccount(context, file, options)),
    )
  program
    .command('doctor')
    .description('name everything that is wrong with the server of this machine, and how to mend it')
    .addHelpText('after', example('paios doctor'))
    .action(() => perform(async (context) => (await import('../doctor.ts')).examineServer(context)))
  program
    .command('restore')
    .description('put a backup in the place of the data; the server must be stopped')
    .argument('<backup>', 'name, folder or encrypted file')
    .option('--yes', 'do not ask once more')
    .option('--passphrase-stdin', 'read the passphrase from standard input; asked for otherwise')
    .addHelpText('after', example('paios restore /media/stick/paios.age'))
    .action((name: string, options: RestoreOptions) =>
      perform(async (context) => (await import('../restore.ts')).restoreBackup(context, name, options)),
    )
}
