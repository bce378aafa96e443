import type { Phrases } from '../skill.ts'

const BACKUP = '(backup|sicherung|sicherungskopie|datensicherung)'
const BACKUPS = '(backups|sicherungen|sicherungskopien|datensicherungen)'
const SECRETS =
  '(passwörter|zugangsdaten|schlüssel|api schlüssel|tokens|geheimnisse|anmeldedaten|kennwörter|zertifikate)'
const SECRET = '(passwort|schlüssel|api schlüssel|token|zugang|geheimnis|kennwort)'
const ACCOUNT = '(konto|account|benutzerkonto)'
const LOG = '(protokoll|auditprotokoll|audit|audit log|zugriffsprotokoll|log|aktivitätsprotokoll)'

/** What is said of safety and backups, in German. */
export const german: Phrases = {
  audit_query: [
    '(welche|was für) (aufrufe|zugriffe|anfragen|vorgänge) (sind|wurden) [seit] {since} (fehlgeschlagen|abgelehnt|gescheitert|verweigert)',
    `(gab|gibt) es [verdächtige|ungewöhnliche|fremde|neue] (zugriffe|anmeldungen|aktivitäten) (auf|in|bei|an) mein ${ACCOUNT} [{since}]`,
    `(war|hat) jemand [fremdes|anderes] [{since}] (in|auf|an) mein ${ACCOUNT} [zugegriffen|gewesen|angemeldet]`,
    'wer hat [wann|zuletzt] was gemacht',
    '(gab|gibt) es [verdächtige|fehlgeschlagene] (anmeldungen|anmeldeversuche|zugriffe) [{since}]',
    '(zeig|liste) [mir] [der] (letzten|fehlgeschlagenen) (aufrufe|zugriffe|anmeldungen|anmeldeversuche)',
    `wer hat [auf] mein ${ACCOUNT} [zuletzt|kürzlich|in letzter zeit] (benutzt|verwendet|zugegriffen|genutzt)`,
    `wer hat {since} [auf] mein ${ACCOUNT} (benutzt|verwendet|zugegriffen|genutzt)`,
    `wer (war|ist) [zuletzt|kürzlich] (in|auf|an) mein ${ACCOUNT} [gewesen|angemeldet|eingeloggt]`,
    `wer hat sich [zuletzt|kürzlich] [in mein ${ACCOUNT.slice(1, -1).split('|')[0]}] (angemeldet|eingeloggt)`,
    `(zeig|lies|liste|nenn|öffne) [mir] [der|mein] ${LOG} [vor|an]`,
    `(zeig|lies|liste) [mir] [der|mein] ${LOG} (seit|ab|von) {since} [vor|an]`,
    `${LOG} [anzeigen|zeigen]`,
    `was (wurde|ist) (mit|in|an|auf) mein ${ACCOUNT} [zuletzt] (gemacht|passiert|geschehen|getan)`,
    '(welche|was für) (aufrufe|zugriffe|anfragen|vorgänge) (sind|wurden) [zuletzt] (fehlgeschlagen|abgelehnt|gescheitert|verweigert)',
    '(zeig|nenn|liste) [mir] [der] letzten {limit} (aufrufe|zugriffe|einträge|vorgänge)',
  ],
  expiring_credentials: [
    `(welche|wann) [von] [mein|der] ${SECRETS} (laufen|läuft|werden|sind) [demnächst|bald] (ab|ungültig|abgelaufen)`,
    `(laufen|läuft|verfallen) [irgendwelche|ein] [mein|der|meiner] ${SECRETS} [demnächst|bald] [ab]`,
    `welche [mein|der] ${SECRETS} (laufen|verfallen) (in|innerhalb der|innerhalb von) [den nächsten] {within_seconds} [ab]`,
    `wann (laufen|läuft|verfallen) [mein|der] ${SECRETS} [ab]`,
    `(zeig|nenn|liste) [mir] [der|mein] (ablaufenden|abgelaufenen) ${SECRETS}`,
    `(ablaufende|abgelaufene) ${SECRETS}`,
    `(sind|ist) [irgendwelche|mein|der] ${SECRETS} (abgelaufen|ungültig)`,
    `(prüfe|überprüfe) [der] (ablaufdatum|gültigkeit|ablauf) [mein|der|von] [meiner] ${SECRETS}`,
  ],
  list_credentials: [
    `(zeig|liste|nenn) [mir] [all] [mein|der] [gespeicherten|hinterlegten] ${SECRETS} [auf|an]`,
    `(welche|was für) ${SECRETS} (hab ich|gibt es|sind gespeichert|sind hinterlegt|kennst du|hast du) [gespeichert|hinterlegt]`,
    `wie viele ${SECRETS} (hab ich|gibt es|sind gespeichert)`,
    `(hab ich|gibt es) [irgendwelche] ${SECRETS} [gespeichert|hinterlegt]`,
    'was (ist|liegt) [alles] (im|in mein) tresor',
    '(zeig|liste) [mir] [den|mein] tresor',
    'für welche dienste (hast du|gibt es|hab ich) [ein] (schlüssel|passwort|zugangsdaten|token) [gespeichert]',
  ],
  manage_credentials: [
    [
      `(speichere|hinterlege|merke) [mein|ein|der] [neuen|neues] ${SECRET} [für|von] {service}`,
      { what: 'store' },
    ],
    [`(speichere|hinterlege) [mein|ein|der] [neuen|neues] ${SECRET}`, { what: 'store' }],
    [`wie (speichere|hinterlege) ich [ein|mein] ${SECRET}`, { what: 'store' }],
    [`(lösche|entferne|vergiss) [mein|der] ${SECRET} (für|von|bei) {service}`, { what: 'delete' }],
    [`(rotiere|erneuere|ersetze|wechsle) [mein|der] ${SECRET} (für|von|bei) {service}`, { what: 'rotate' }],
  ],
  backup: [
    `jetzt [ein] [neues] ${BACKUP} (machen|starten|erstellen)`,
    `ich (brauche|will) ein [neues] ${BACKUP}`,
    `(mach|erstelle|lege|starte|führe|zieh) [ein] [neues|neue|volles|vollständiges] ${BACKUP} [von allem|aller daten|meiner daten|vom server|von meinen daten] [an|durch|jetzt]`,
    `${BACKUP} [machen|starten|erstellen|anlegen|durchführen|jetzt]`,
    `[ein] [neues|neue] ${BACKUP} (machen|starten|erstellen|anlegen|durchführen)`,
    '(sichere|sicher|sichern) [alles|mein daten|all mein daten|die daten|den server|die datenbank|das system]',
    '(alles|mein daten|all mein daten|die daten|den server|die datenbank) sichern',
  ],
  verify_backup: [
    `(prüfe|überprüfe|schau) [nach] ob (der|mein) [letzte|letztes] ${BACKUP} (in ordnung|ok|intakt|brauchbar|heil|gut) ist`,
    `taugt (der|mein) [letzte|letztes] ${BACKUP} [etwas|was]`,
    `(prüfe|überprüfe|teste|kontrolliere|verifiziere|checke) [der|mein] [letzte|letztes|neueste|neuestes] ${BACKUP}`,
    `(prüfe|überprüfe|teste|kontrolliere|verifiziere) [der|mein] ${BACKUPS}`,
    `(ist|war) (der|mein) [letzte|letztes|neueste|neuestes] ${BACKUP} (in ordnung|ok|okay|gut|intakt|heil|brauchbar|beschädigt|kaputt)`,
    `[der|mein] [letzte|letztes|neueste] ${BACKUP} (prüfen|überprüfen|testen|kontrollieren|verifizieren)`,
    `(kann|lässt) [sich] (der|mein) [letzte|letztes] ${BACKUP} [sich] (wiederherstellen|wiederhergestellt werden)`,
    `funktioniert (der|mein) [letzte|letztes] ${BACKUP}`,
  ],
  list_backups: [
    [`wann (war|ist|wurde) (der|mein) (letzte|letztes|neueste) ${BACKUP} [gemacht|erstellt]`, { limit: 1 }],
    [`wann hast du [zuletzt|das letzte mal] ([ein] ${BACKUP} gemacht|gesichert)`, { limit: 1 }],
    [`wie alt ist (der|mein) (letzte|letztes|neueste) ${BACKUP}`, { limit: 1 }],
    [`wann wurde [zuletzt|das letzte mal] gesichert`, { limit: 1 }],
    [`(zeig|nenn) [mir] (der|mein) (letzte|letztes|neueste) ${BACKUP}`, { limit: 1 }],
    [`gibt es [ein|schon ein] ${BACKUP}`, { limit: 1 }],
    `(welche|was für) ${BACKUPS} (gibt es|hab ich|sind da|existieren)`,
    `(zeig|liste|nenn) [mir] [all] [mein|der] ${BACKUPS} [an|auf]`,
    `wie viele ${BACKUPS} (gibt es|hab ich)`,
    `[alle|mein] ${BACKUPS} [anzeigen|auflisten]`,
  ],
  restore_backup: [
    `(stell|stelle) [der|ein|mein] [letzte|letztes|neueste] ${BACKUP} wieder her`,
    `(stell|stelle) [alles|mein daten|die daten|den server] (aus|von) [der|ein|mein] [letzten|letzte] ${BACKUP} wieder her`,
    `(spiel|spiele|lade|kehre|geh) [zu] [der|ein|mein] [letzte|letztes|letzten|neueste] ${BACKUP} (ein|zurück)`,
    `[der|ein|mein] [letzte|letztes|neueste] ${BACKUP} (wiederherstellen|einspielen|zurückspielen|laden)`,
    `(alles|mein daten|die daten|den server) (aus|von) [der|ein|mein] [letzten|letzte] ${BACKUP} wiederherstellen`,
    `wie (stelle|kann) ich [der|ein|mein] [letzte|letztes] ${BACKUP} (wieder her|wiederherstellen)`,
    '(stell|stelle) (mein daten|die daten|die datenbank) wieder her',
  ],
  integrity: [
    '(prüfe|überprüfe|kontrolliere|schau) [nach] ob (der|mein) (datenbank|daten|protokoll|auditprotokoll|audit log) [noch] (manipuliert|verändert|beschädigt|unversehrt|intakt|in ordnung|heil|kaputt) (wurde|ist|sind)',
    'hat [jemand|wer] [an|in] (der|mein) (protokoll|auditprotokoll|datenbank) [etwas] (manipuliert|verändert|geändert)',
    '(prüfe|überprüfe|kontrolliere|teste) [der] (integrität|unversehrtheit|konsistenz) [der|des|von] [daten|datenbank|protokolls|auditprotokolls|systems|servers]',
    '(integrität|integritätsprüfung|unversehrtheit|integritätscheck) [prüfen|überprüfen|testen|durchführen|starten]',
    '[der] integrität (der|des) (daten|datenbank|protokolls|systems) (prüfen|überprüfen)',
    '(ist|sind) (der|mein) (datenbank|daten|protokoll|auditprotokoll|audit log) [noch] (unversehrt|beschädigt|intakt|heil|in ordnung|manipuliert|verändert|kaputt)',
    'wurde (der|mein) (datenbank|protokoll|auditprotokoll|audit log) (manipuliert|verändert|beschädigt)',
    '(prüfe|überprüfe|kontrolliere) (der|mein) (datenbank|auditprotokoll|audit log|protokoll) [auf fehler|auf schäden|auf manipulation]',
    '(mach|führe|starte) [ein] (integritätsprüfung|integritätstest|integritätscheck) [durch]',
  ],
  security_report: [
    '[zeig|gib|mach|erstelle|nenn] [mir] [ein|der|mein] sicherheitsbericht [an]',
    '[mach|starte|führe] [ein] (sicherheitsprüfung|sicherheitscheck|sicherheitsüberprüfung|sicherheitsanalyse) [durch|machen|starten]',
    'wie sicher (ist mein konto|ist mein account|bin ich|ist der server|ist dieser server|ist alles|ist das hier|ist das system)',
    '(ist|bin|sind) (alles|mein konto|mein account|ich|dieser server|das system|mein daten) [noch] sicher',
    '(prüfe|überprüfe|check) [mir] (der|mein) (sicherheit|kontosicherheit) [meines kontos|des kontos|des servers|des systems]',
    'wie steht es um (der|mein) sicherheit',
    'wie (kann|könnte) ich mein (konto|account) (sicherer|besser) [machen|schützen]',
  ],
}
