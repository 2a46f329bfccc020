"""The tables of voices."""

from __future__ import annotations

from improve.voices.models.numbers import (
    VoiceMeasure,
    VoiceMonth,
    VoiceSurvey,
    VoiceSurveyCode,
)
from improve.voices.models.told import (
    HelpRequest,
    Voice,
    VoiceAnswer,
    VoiceCode,
    VoiceCover,
    VoiceDraft,
    VoiceLanguage,
    VoiceReader,
    VoiceReply,
    VoiceSetup,
    VoiceStep,
    VoiceTheme,
    VoiceWording,
)

__all__ = [
    "HelpRequest",
    "Voice",
    "VoiceAnswer",
    "VoiceCode",
    "VoiceCover",
    "VoiceDraft",
    "VoiceLanguage",
    "VoiceMeasure",
    "VoiceMonth",
    "VoiceReader",
    "VoiceReply",
    "VoiceSetup",
    "VoiceStep",
    "VoiceSurvey",
    "VoiceSurveyCode",
    "VoiceTheme",
    "VoiceWording",
]
