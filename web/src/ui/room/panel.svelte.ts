// Which panel is open: the class or the chat. On a phone it covers the whole screen, so the browser's Back closes it.
// The button that opened it gets the focus back.

export type PanelName = 'people' | 'chat';

const PHONE = matchMedia('(max-width: 640px)');
const PANEL_ENTRY = 'panel';

const onPanelEntry = (): boolean => history.state === PANEL_ENTRY;

export class PanelState {
  open = $state<PanelName | null>(null);
  private opener: Element | null = null;

  constructor() {
    $effect(() => {
      const back = (): void => {
        if (!onPanelEntry()) this.shut();
      };
      addEventListener('popstate', back);
      return () => removeEventListener('popstate', back);
    });
  }

  toggle(name: PanelName): void {
    if (this.open === name) this.close();
    else this.show(name);
  }

  show(name: PanelName): void {
    if (PHONE.matches && !onPanelEntry()) history.pushState(PANEL_ENTRY, '');
    if (this.open === null) this.opener = document.activeElement;
    this.open = name;
  }

  close(): void {
    this.shut();
    if (onPanelEntry()) history.back();
  }

  private shut(): void {
    this.open = null;
    if (this.opener instanceof HTMLElement && this.opener.isConnected) this.opener.focus();
    this.opener = null;
  }
}
