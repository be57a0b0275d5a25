# The antivirus filter is the only program that links libclamav, the match filter the
# only one that links the matcher.
sl_role(sluice-filter-av SOURCES av.c av_members.c av_database.c LINK sl_filter VENDOR PkgConfig::clamav)
if(TARGET sl_policy)
  sl_role(sluice-filter-match SOURCES match.c LINK sl_filter sl_policy)
endif()
