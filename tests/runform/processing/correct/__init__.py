SIDE, REAR = "s01_side_base.mp4", "t01_rear_tape_base.mp4"
SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 900}}
