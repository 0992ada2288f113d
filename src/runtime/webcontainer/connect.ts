/** Connects the tab of a preview, which opened this page, with its WebContainer: StackBlitz' part, in a frame of theirs. */
import { setupConnect } from '@webcontainer/api/connect';

setupConnect();
