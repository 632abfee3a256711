namespace MMDetSharp.Engine.Training.Schedules;

/// <summary>Where a falling schedule ends: at a value, or at a part of the initial value.</summary>
/// <param name="Value">The value or the part.</param>
/// <param name="IsRatio">Whether <paramref name="Value"/> is a part of the initial value.</param>
internal readonly record struct ScheduleEnd(double Value, bool IsRatio)
{
    /// <summary>The last value.</summary>
    internal double For(double initial) => IsRatio ? initial * Value : Value;
}
