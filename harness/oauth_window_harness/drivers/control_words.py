"""The words of controls that do not connect an account, though they may name Facebook, in several languages."""

from __future__ import annotations

import re

#: What ends a connection or a session; the words hold those of a control that connects.
_ENDING = re.compile(
    r"(?<![a-z])(?:dis-?connect|unlink|log[- ]?out|sign[- ]?out)|trennen|abmelden|ausloggen|d[ée]connect|d[ée]connexion"
    r"|dissocier|desconectar|desvincular|cerrar sesi[oó]n|disconnetti|scollega|ontkoppelen|uitloggen|koppla från"
    r"|logga ut|解除|切断|ログアウト|断开|斷開|退出|해제|로그아웃|отключить|выйти|تسجيل الخروج",
    re.IGNORECASE,
)
#: What is done with a page of Facebook's, or read about it.
_SOCIAL = (
    r"share|like|follow|learn more|read more|teilen|gefällt mir|folgen|mehr erfahren|partager|j['’]aime|suivre"  # noqa: RUF001 - as pages write it
    r"|en savoir plus|compartir|me gusta|seguir(?! con)|más información|saber más|compartilhar|partilhar|curtir"
    r"|saiba mais|condividi|mi piace|segui|scopri di più|delen|vind ik leuk|volgen|meer informatie|dela|gilla|följ"
    r"|läs mer|поделиться|нравится|подписаться|подробнее"
)
_SOCIAL_WORD = re.compile(
    rf"(?<!\w)(?:{_SOCIAL})(?!\w)|シェア|共有|いいね|フォロー|詳しく|分享|关注|關注|了解更多|공유|좋아요|팔로우|자세히",
    re.IGNORECASE,
)

#: What leaves a window without going on.
_LEAVING = re.compile(
    r"(?<![a-z])(?:cancel|close|back|abort|dismiss|exit|not now)(?![a-z])|^no(?![a-z])"
    r"|abbrechen|schlie(?:ß|ss)en|zurück|nein|annuler|fermer|retour|cancelar|cerrar|fechar|volver|voltar|annulla|chiudi|indietro|annuleren|sluiten|terug"
    r"|avbryt|stäng|tillbaka|отмен|закрыть|назад|キャンセル|閉じる|戻る|取消|关闭|關閉|返回|취소|닫기|뒤로|إلغاء|إغلاق|रद्द|बंद",
    re.IGNORECASE,
)

#: What is done beside connecting: with what is connected already, or to know more.
_ASIDE = re.compile(
    r"(?<![a-z])(?:remove|delete|settings?|preferences|options|help|save|edit|manage|configure|details?|view|show|hide|open"
    r"|more|info|about|refresh|reload|sync|test|copy|export|import|download|upload|post|publish|schedule|search|filter"
    r"|sort|upgrade|pricing|next|previous|menu|linked|connected)(?![a-z])"
    r"|entfernen|löschen|einstellungen|hilfe|speichern|bearbeiten|verwalten|anzeigen|öffnen|mehr|aktualisieren"
    r"|supprimer|retirer|paramètres|réglages|aide|enregistrer|modifier|gérer|afficher|ouvrir|plus|actualiser"
    r"|eliminar|quitar|ajustes|configuraci[oó]n|ayuda|guardar|editar|gestionar|mostrar|abrir|más|actualizar"
    r"|excluir|remover|configurações|definições|ajuda|salvar|gerenciar|atualizar|elimina|rimuovi|impostazioni|aiuto"
    r"|salva|modifica|gestisci|mostra|apri|aggiorna|verwijder|instellingen|opslaan|bewerk|beheer|ta bort|inställningar"
    r"|hjälp|spara|удалить|настройки|помощь|сохранить|изменить|обновить|削除|設定|ヘルプ|保存|編集|管理|表示|開く|更新"
    r"|删除|刪除|移除|设置|設置|帮助|說明|编辑|編輯|查看|打开|刷新|삭제|설정|도움말|저장|편집|관리|새로고침|حذف|إعدادات|مساعدة|حفظ",
    re.IGNORECASE,
)

#: How many words a name has at most that is a command, and no description of a card as a whole.
_COMMAND = 4


def ends_connection(name: str) -> bool:
    """Return whether a control ends a connection or a session, by its name."""
    return _ENDING.search(name) is not None


def is_social(name: str) -> bool:
    """Return whether a control shares, likes or follows, or leads to what can be read, by its name.

    A card that is a control as a whole is named by all that it says, also of what can be shared later.
    """
    found = _SOCIAL_WORD.search(name)
    return found is not None and (found.start() == 0 or len(name.split()) <= _COMMAND)


def is_aside(name: str) -> bool:
    """Return whether a control does something else than to begin, by its name: it removes, sets, shows or helps."""
    return _ASIDE.search(name) is not None


def leaves(name: str) -> bool:
    """Return whether a control leaves its window or what it asks, by its name."""
    return _LEAVING.search(name) is not None or ends_connection(name)
