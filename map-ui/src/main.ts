import { mount } from 'svelte';
import { appUpdate } from '$lib/state/app-update.svelte';
import App from './App.svelte';
import './app.css';

const target = document.getElementById('app');
if (target === null) throw new Error('index.html has no #app');

mount(App, { target });

if (import.meta.env.PROD) appUpdate.watch();
