/* The attributes of a netlink message about an interface, one after the other
   while RTA_OK(attribute, left). */
#ifndef OS_NETLINK_H
#define OS_NETLINK_H

#include <linux/rtnetlink.h>
#include <stddef.h>

/* The first one, and the bytes from there on. */
static inline const struct rtattr *netlink_first(const struct nlmsghdr *head,
						 size_t *left)
{
	*left = IFLA_PAYLOAD(head);
	return (const void *)((const char *)NLMSG_DATA(head) +
			      NLMSG_ALIGN(sizeof(struct ifinfomsg)));
}

/* The one after it. */
static inline const struct rtattr *netlink_next(const struct rtattr *a,
						size_t *left)
{
	const size_t n = RTA_ALIGN(a->rta_len);

	*left -= n < *left ? n : *left;
	return (const void *)((const char *)a + n);
}

#endif
