import type { Phrases } from '../skill.ts'

const BACKUP = '(copia de seguridad|copia|respaldo|backup)'
const BACKUPS = '(copias de seguridad|copias|respaldos|backups)'
const SECRETS = '(contraseñas|credenciales|claves|claves api|tokens|secretos|certificados)'
const SECRET = '(contraseña|clave|clave api|token|credencial|secreto)'
const ACCOUNT = '(cuenta|usuario)'
const LOG = '(registro|registro de auditoría|auditoría|registro de accesos|log|historial de accesos)'
const DATA = '(datos|base de datos|sistema|servidor|auditoría|registro)'

/** What is said of safety and backups, in Spanish. */
export const spanish: Phrases = {
  audit_query: [
    '(qué|cuáles) (llamadas|accesos|peticiones|operaciones) (fallaron|han fallado|fueron rechazadas|se rechazaron) {since}',
    `(ha entrado|entró|ha accedido|accedió|ha usado|usó) alguien [en|a] mi ${ACCOUNT} [{since}]`,
    `alguien (ha entrado|entró|ha accedido|ha usado|accedió) [en|a] mi ${ACCOUNT} [{since}]`,
    `(ha habido|hubo|hay) (accesos|actividad|inicios de sesión) [sospechosos|sospechosa|extraños] [en mi cuenta] [{since}]`,
    'quién hizo qué [{since}]',
    `quién ha (usado|utilizado|accedido a|entrado en|estado en) mi ${ACCOUNT} [últimamente|recientemente|hoy|{since}]`,
    `quién (usó|utilizó|accedió a|entró en|estuvo en) mi ${ACCOUNT} [últimamente|recientemente|hoy|{since}]`,
    'quién ha (entrado|iniciado sesión|accedido) [últimamente|recientemente|hoy]',
    `(muestra|lee|lista|dime|abre|consulta) [el|mi] ${LOG}`,
    `(muestra|lee|lista|consulta) [el|mi] ${LOG} (desde|de) {since}`,
    LOG.replace('log|', ''),
    `qué (se hizo|se ha hecho|ha pasado|pasó) (en|con) mi ${ACCOUNT}`,
    '(qué|cuáles) (llamadas|accesos|peticiones|operaciones) (fallaron|han fallado|fueron rechazadas|fueron denegadas|se rechazaron)',
    '(muestra|lista|dime) [el|mi] [últimas] {limit} [últimas] (llamadas|accesos|entradas|operaciones)',
  ],
  expiring_credentials: [
    `(qué|cuáles) [de] [mi|el] ${SECRETS} (caducan|vencen|expiran|van a caducar|están por caducar|están a punto de caducar) [pronto]`,
    `(caduca|caducan|vence|vencen|expiran) [pronto] (alguna|algunas|mi|el|alguna de mi) ${SECRETS} [pronto]`,
    `(ha caducado|han caducado|ha vencido) (alguna|mi|el|alguna de mi) ${SECRETS}`,
    `cuándo (caducan|vencen|expiran) [mi|el] ${SECRETS}`,
    `(qué|cuáles) ${SECRETS} (caducan|vencen|expiran) (en|dentro de) [los próximos] {within_seconds}`,
    `(muestra|lista|dime) [el|mi] ${SECRETS} (caducadas|que caducan|que vencen|a punto de caducar|vencidas|que caducan pronto)`,
    `${SECRETS} (caducadas|que caducan|que vencen|por caducar|vencidas)`,
    `comprueba (la caducidad|el vencimiento) de [mi|el] ${SECRETS}`,
  ],
  list_credentials: [
    `(lista|muestra|dime|enumera) [todos] [el|mi] ${SECRETS} [guardadas]`,
    `(qué|cuáles|cuántas) ${SECRETS} (tengo|hay|tienes|están guardadas|he guardado) [guardadas]`,
    `(tengo|hay) [algún] ${SECRETS} [guardadas]`,
    'qué hay en (el|mi) (caja fuerte|almacén|bóveda)',
    'para qué servicios (tienes|tengo|hay) [una] (clave|contraseña|credencial)',
  ],
  manage_credentials: [
    [`guarda [el|mi|una] [nueva] ${SECRET} (de|para|del) {service}`, { what: 'store' }],
    [`guarda [el|mi|una] [nueva] ${SECRET}`, { what: 'store' }],
    [`cómo guardo una ${SECRET}`, { what: 'store' }],
    [`(borra|elimina|olvida) [el|mi] ${SECRET} (de|para|del) {service}`, { what: 'delete' }],
    [`(rota|renueva|cambia) [el|mi] ${SECRET} (de|para|del) {service}`, { what: 'rotate' }],
  ],
  backup: [
    `(haz|crea|inicia|realiza|genera|empieza|ejecuta) [un|una] [nueva] ${BACKUP} [completa] [de todo|de mis datos|del servidor|de la base de datos|ahora]`,
    `${BACKUP.replace('|copia|', '|')} [ahora|de todo|de mis datos]`,
    `[un|una] [nueva] ${BACKUP.replace('|copia|', '|')} [ahora]`,
    '(respalda|respaldar) [todo|mi datos|el datos|el servidor|el base de datos]',
    `hacer [un|una] ${BACKUP} [de todo|de mis datos]`,
  ],
  verify_backup: [
    `está bien (el|mi) [última|último] ${BACKUP}`,
    `comprueba (que|si) (el|mi) [última|último] ${BACKUP} (está bien|funciona|es válida|sirve)`,
    `(comprueba|prueba|valida) [el|mi] [última|último] ${BACKUP}`,
    `(comprueba|prueba|valida) [el|mi] ${BACKUPS}`,
    `(está|es) [bien] (el|mi) [última|último] ${BACKUP} (bien|intacta|intacto|correcta|correcto|válida|válido|dañada|dañado)`,
    `(funciona|sirve|vale) (el|mi) [última|último] ${BACKUP}`,
    `se puede restaurar (el|mi) [última|último] ${BACKUP}`,
  ],
  list_backups: [
    [`cuándo (fue|se hizo|hiciste|se ha hecho|has hecho) (el|mi) (última|último) ${BACKUP}`, { limit: 1 }],
    [`cuándo hiciste [el|un] [última|último] ${BACKUP} [por última vez]`, { limit: 1 }],
    [
      `(de cuándo es|cómo de antigua es|qué antigüedad tiene) (el|mi) [última|último] ${BACKUP}`,
      { limit: 1 },
    ],
    [`(muestra|dime|cuál es) (el|mi) (última|último) ${BACKUP}`, { limit: 1 }],
    [`hay (un|alguna|algún) ${BACKUP}`, { limit: 1 }],
    `(qué|cuáles|cuántas|cuántos) ${BACKUPS} (hay|tengo|existen)`,
    `(lista|muestra|dime|enumera) [todos] [el|mi] ${BACKUPS}`,
    `[todos] [el|mi] ${BACKUPS}`,
  ],
  restore_backup: [
    `restaura [el|un|mi] [última|último] ${BACKUP}`,
    `restaura [todo|mi datos|el datos|el servidor|el base de datos] [desde|de|con] [el|un] [última|último] ${BACKUP}`,
    `(vuelve|volver|regresa) a [el|un] [última|último] ${BACKUP}`,
    `(recupera|carga|recuperar) [el|un|mi] [última|último] ${BACKUP}`,
    `cómo (restauro|puedo restaurar|se restaura) [el|un|mi] [última|último] ${BACKUP}`,
    'restaura (mi|el) (datos|base de datos)',
  ],
  integrity: [
    `(está|están) (dañada|dañado|dañados|corrupta|corruptos|intacta|intactos|íntegra|bien) (el|mi) ${DATA}`,
    `comprueba (que|si) [nadie|alguien] [ha] (tocado|manipulado|alterado|modificado|cambiado) (el|mi) (${DATA.slice(1, -1)}|registro de auditoría)`,
    `(ha|han) (manipulado|tocado|alterado) [alguien] (el|mi) (${DATA.slice(1, -1)}|registro de auditoría)`,
    `comprueba [el] (integridad|consistencia) [de|del] [el|mi] [${DATA.slice(1, -1)}]`,
    `(integridad|prueba de integridad|comprobación de integridad) [de|del] [el|mi] [${DATA.slice(1, -1)}]`,
    `(está|están) (el|mi) ${DATA} (intacta|intacto|intactos|dañada|dañado|dañados|corrupta|corruptos|bien|alterada|alterado|íntegros|íntegra)`,
    `(ha sido|han sido|se ha|se han) (manipulado|manipulada|alterado|alterada|dañado) (el|mi) ${DATA}`,
    'comprueba (el|mi) (base de datos|auditoría|registro de auditoría)',
    '(haz|ejecuta|inicia) [un] (prueba|comprobación|verificación) de integridad',
  ],
  security_report: [
    '[dame|haz|muestra|crea|genera] [un|el|mi] (informe|reporte) de seguridad',
    '[haz|inicia|ejecuta] [un] (revisión|comprobación|análisis|chequeo|auditoría) de seguridad',
    'cómo de (seguro|segura) (está|es|estoy) [mi cuenta|el servidor|este servidor|todo|esto|el sistema]',
    'qué tan (seguro|segura) (está|es|estoy) [mi cuenta|el servidor|este servidor|todo|esto|el sistema]',
    '(está|es|están) (segura|seguro|seguros) (mi cuenta|todo|el servidor|este servidor|mis datos|el sistema)',
    '(está|es) (mi cuenta|todo|el servidor|este servidor|el sistema) (segura|seguro)',
    '(estoy|están mis datos) (seguro|segura|seguros)',
    'comprueba [el|mi] seguridad [de mi cuenta|del servidor|del sistema]',
    'cómo (puedo|podría) (hacer|proteger) [que] mi cuenta [más] [sea] [más] [segura|mejor]',
  ],
}
