/* The devices of a capture: from options to what is opened. */
#include "cmd/capture_plan.h"

#include <stdlib.h>
#include <string.h>

#include "cmd/capture_hints.h"
#include "cmd/capture_reload.h"
#include "cmd/capture_stream.h"
#include "os/password.h"

static bool plan_device(struct capture_plan *plan, size_t i,
			const struct capture_select *select,
			const struct capture_iface *c, struct err *err)
{
	const struct capture_conf *conf = select->capture;
	struct live_device *d = &plan->devices[i];
	struct remote_options remote;
	const struct device *known;

	if (!device_resolve(c->name, &plan->names[i], err) ||
	    !remote_conf_read(&c->remote, plan->names[i], &remote,
			      &plan->passwords[i], err) ||
	    !capture_select_filter(select, c, &plan->filters[i], err))
		return false;
	d->options = (struct handle_options){
	    .device = plan->names[i],
	    .filter = plan->filters[i].len ? plan->filters[i].text : NULL,
	    .program = capture_select_program(select),
	    .program_linktype = select->selection.vm_linktype,
	    .replaceable = capture_reloads(conf, c),
	    .no_optimize = conf->no_optimize,
	    .no_promiscuous = c->no_promiscuous,
	    .monitor = c->monitor,
	    .immediate = c->immediate,
	    .micro = c->micro,
	    .snaplen = (uint32_t)c->snaplen,
	    .buffer = c->buffer ? c->buffer : capture_buffer(conf),
	    .timeout_ms = capture_gather_ms(conf),
	    .direction = (enum capture_direction)c->direction,
	    .linktype = c->linktype,
	    .tstamp_type = c->tstamp_type,
	    .remote = remote,
	    .wait_ns = capture_patience(c->wait),
	    .reopen_ns = capture_patience(c->reopen),
	    .one_linktype = savefile_conf_one_linktype(&conf->savefile),
	};
	known = devices_find(&plan->known, plan->names[i]);
	if (known) {
		d->description = known->description;
		d->mac = known->has_mac ? known->mac : NULL;
	}
	return true;
}

bool capture_plan_devices(struct capture_plan *plan,
			  const struct capture_conf *conf,
			  const struct capture_select *select,
			  const struct args *args, struct err *err)
{
	size_t i;

	plan->n = capture_devices(conf);
	plan->devices = calloc(plan->n + 1, sizeof(*plan->devices));
	plan->n_names = plan->n + conf->n_streams;
	plan->names = calloc(plan->n_names + 1, sizeof(*plan->names));
	plan->filters = calloc(plan->n + 1, sizeof(*plan->filters));
	plan->passwords = calloc(plan->n + 1, sizeof(*plan->passwords));
	if (!plan->devices || !plan->names || !plan->filters ||
	    !plan->passwords)
		return err_nomem(err, "interfaces");
	/* without the list an interface is captured from all the same */
	devices_init(&plan->known, NULL);
	if (!conf->n)
		capture_hint_interface(args);
	for (i = 0; i < plan->n; i++)
		if (!plan_device(plan, i, select,
				 conf->n ? &conf->ifaces[i] : &conf->common,
				 err))
			return false;
	return true;
}

bool capture_plan_stream(struct capture_plan *plan, size_t i, const char *name,
			 struct err *err)
{
	plan->names[plan->n + i] = strdup(name);
	return plan->names[plan->n + i] || err_nomem(err, "streams");
}

void capture_plan_fini(struct capture_plan *plan)
{
	size_t i;

	for (i = 0; plan->names && i < plan->n_names; i++)
		free(plan->names[i]);
	for (i = 0; plan->filters && i < plan->n; i++)
		str_fini(&plan->filters[i]);
	for (i = 0; plan->passwords && i < plan->n; i++)
		password_free(plan->passwords[i]);
	free(plan->passwords);
	devices_fini(&plan->known);
	free(plan->names);
	free(plan->filters);
	free(plan->devices);
}
