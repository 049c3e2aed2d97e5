// Whether the class list is open. On a phone it covers the whole screen, so the browser's Back closes it.

const PHONE = matchMedia('(max-width: 640px)');
const PANEL_ENTRY = 'panel';

const onPanelEntry = (): boolean => history.state === PANEL_ENTRY;

export class PanelState {
  open = $state(false);

  constructor() {
    $effect(() => {
      const back = (): void => {
        if (!onPanelEntry()) this.open = false;
      };
      addEventListener('popstate', back);
      return () => removeEventListener('popstate', back);
    });
  }

  show(): void {
    if (PHONE.matches && !onPanelEntry()) history.pushState(PANEL_ENTRY, '');
    this.open = true;
  }

  close(): void {
    this.open = false;
    if (onPanelEntry()) history.back();
  }
}
